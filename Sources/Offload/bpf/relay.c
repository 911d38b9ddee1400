/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
 *
 * The relay in the kernel: established channels between UDP clients and UDP peers, forwarded where they arrive.
 *
 * One source, two programs: `relay_xdp` for the driver's hook and `relay_tc` for tcx ingress. Both read a packet's headers
 * (`read_packet`), decide where it goes (`decide`), and only then change it (`write_headers`). Whatever is not certain goes to
 * the server untouched, which relays every packet itself: it keeps the decisions, the program only repeats them.
 *
 * Only UAPI headers are used, so the program needs no type information of the kernel it runs on. */
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/pkt_cls.h>
#include <linux/udp.h>

#include "relay_records.h"
#include "helpers.h"

/* Created by the server; the names stand for their descriptors. */
SECTION("maps") char flows;
SECTION("maps") char slots;
SECTION("maps") char meters;

enum {
    LOOPBACK = 1,
    CHANNEL_HEADER = 4,
    FIRST_CHANNEL_BYTE = 0x40,
    LAST_CHANNEL_BYTE = 0x4F,
    FAMILY_IPV4 = 2,
    FAMILY_IPV6 = 10,
    DONT_FRAGMENT = 0x4000,
    FRAGMENT_BITS = 0x3FFF, /* more fragments, and the offset */
    LONGEST_HEADERS = sizeof(struct ethhdr) + sizeof(struct ipv6hdr) + sizeof(struct udphdr) + CHANNEL_HEADER,
};

/* What a packet says of itself. */
struct packet {
    struct relay_flow flow;
    __u32 ingress;
    /* All of the frame. What can be read of it, up to `end`, may be less. */
    __u32 frame;
    /* What IP carries: UDP and all behind it. */
    __u16 datagram;
    /* The payload without a ChannelData header. */
    __u16 payload;
    __be16 checksum;
    __u8 family; /* 4 or 6 */
    __u8 has_channel;
    __u8 traffic_class;
    __u8 hop_limit;
    __u8 may_fragment;
};

/* What becomes of it. */
struct route {
    const struct relay_forward *forward;
    struct relay_slot *slot;
    __be16 checksum;
    __u8 hardware_destination[ETH_ALEN];
    __u8 hardware_source[ETH_ALEN];
};

enum verdict { TO_SERVER, FORWARD, DROP };

/* ---- Checksums (RFC 1071): sums of 16-bit words in network order, in one's complement. */

INLINE __u16 fold(__u64 sum) {
    sum = (sum & 0xFFFFFFFF) + (sum >> 32);
    sum = (sum & 0xFFFFFFFF) + (sum >> 32);
    sum = (sum & 0xFFFF) + (sum >> 16);
    sum = (sum & 0xFFFF) + (sum >> 16);
    return sum;
}

INLINE __u64 sum_of_address(const __u8 *address) {
    const __u32 *words = (const __u32 *)address;
    return (__u64)words[0] + words[1] + words[2] + words[3];
}

/* A local sender leaves the checksum to the network card and only the pseudo-header's sum in its place
 * (CHECKSUM_PARTIAL). Where the card would add the rest is known to the socket buffer and not to us. */
INLINE int is_partial(const struct packet *packet, __be16 udp_length) {
    __u64 sum = sum_of_address(packet->flow.source) + sum_of_address(packet->flow.destination);
    return packet->checksum == fold(sum + network16(IPPROTO_UDP) + udp_length);
}

/* The checksum of UDP after the change (RFC 1624). The length of UDP counts twice: it stands in the pseudo-header too. */
INLINE __be16 changed_checksum(const struct packet *packet, __u64 delta, int adds_channel) {
    __u64 sum = (__u16)~packet->checksum + delta;
    if (packet->has_channel)
        sum += 2 * (__u64)(__u16)~network16(CHANNEL_HEADER) + (__u16)~network16(packet->payload);
    if (adds_channel)
        sum += 2 * (__u64)network16(CHANNEL_HEADER) + network16(packet->payload);
    __be16 checksum = ~fold(sum);
    return checksum ? checksum : 0xFFFF;
}

/* ---- Reading */

INLINE void map_address(__u8 *address, __be32 ipv4) {
    __u32 *words = (__u32 *)address;
    words[0] = 0;
    words[1] = 0;
    words[2] = __builtin_bswap32(0xFFFF);
    words[3] = ipv4;
}

/* The headers up to UDP, or nothing if there is anything in them that a socket might treat in its own way.
 * Returns the header of UDP. */
INLINE struct udphdr *read_headers(void *data, void *end, struct packet *packet) {
    struct ethhdr *ethernet = data;
    if ((void *)(ethernet + 1) > end) return 0;
    if (ethernet->h_proto == network16(ETH_P_IP)) {
        struct iphdr *ip = (void *)(ethernet + 1);
        if ((void *)(ip + 1) > end) return 0;
        if (*(__u8 *)ip != 0x45 || ip->protocol != IPPROTO_UDP || ip->ttl <= 1) return 0;
        if (ip->frag_off & network16(FRAGMENT_BITS)) return 0;
        if (sizeof *ethernet + host16(ip->tot_len) != packet->frame) return 0;
        packet->datagram = host16(ip->tot_len) - sizeof *ip;
        map_address(packet->flow.source, ip->saddr);
        map_address(packet->flow.destination, ip->daddr);
        packet->family = 4;
        packet->traffic_class = ip->tos;
        packet->hop_limit = ip->ttl;
        packet->may_fragment = !(ip->frag_off & network16(DONT_FRAGMENT));
        return (void *)(ip + 1);
    }
    if (ethernet->h_proto == network16(ETH_P_IPV6)) {
        struct ipv6hdr *ip = (void *)(ethernet + 1);
        if ((void *)(ip + 1) > end) return 0;
        if (ip->version != 6 || ip->nexthdr != IPPROTO_UDP || ip->hop_limit <= 1) return 0;
        packet->datagram = host16(ip->payload_len);
        if (sizeof *ethernet + sizeof *ip + packet->datagram != packet->frame) return 0;
        __builtin_memcpy(packet->flow.source, &ip->saddr, 16);
        __builtin_memcpy(packet->flow.destination, &ip->daddr, 16);
        packet->family = 6;
        packet->traffic_class = ip->priority << 4 | ip->flow_lbl[0] >> 4;
        packet->hop_limit = ip->hop_limit;
        packet->may_fragment = 0;
        return (void *)(ip + 1);
    }
    return 0;
}

/* The entry of a packet, if it has one: by the channel number in front of its payload, or as a peer's. */
INLINE const struct relay_forward *find(struct udphdr *udp, void *end, struct packet *packet) {
    __u16 length = host16(udp->len);
    if (length != packet->datagram || length <= sizeof *udp) return 0;
    packet->flow.source_port = udp->source;
    packet->flow.destination_port = udp->dest;
    packet->payload = length - sizeof *udp;
    __u8 *payload = (void *)(udp + 1);
    if (payload + CHANNEL_HEADER <= (__u8 *)end && *payload >= FIRST_CHANNEL_BYTE && *payload <= LAST_CHANNEL_BYTE) {
        packet->flow.channel = *(__be16 *)payload;
        const struct relay_forward *forward = bpf_map_lookup_elem(&flows, &packet->flow);
        if (forward) {
            packet->payload -= CHANNEL_HEADER;
            packet->has_channel = 1;
            /* Padding may follow over UDP (RFC 8656 §12.5): the server takes it off. */
            return *(__be16 *)(payload + 2) == network16(packet->payload) ? forward : 0;
        }
        packet->flow.channel = 0;
    }
    return bpf_map_lookup_elem(&flows, &packet->flow);
}

/* ---- Deciding */

INLINE struct relay_slot *live_slot(const struct relay_forward *forward, __u64 now) {
    __u32 index = forward->slot;
    struct relay_slot *slot = bpf_map_lookup_elem(&slots, &index);
    return slot && now < slot->expiry_ns ? slot : 0;
}

/* Whether a session may send so many bytes more; if so they are counted. */
INLINE int is_within_rate(const struct relay_forward *forward, __u32 bytes, __u64 now) {
    __u32 index = forward->meter;
    if (!index) return 1;
    struct relay_meter *meter = bpf_map_lookup_elem(&meters, &index);
    if (!meter) return 0;
    __u64 empty = meter->empty_ns;
    __u64 next = (empty > now ? empty : now) + (bytes * meter->cost >> 16);
    if (next > now + meter->burst_ns) return 0;
    /* When two CPUs are here at once one of them is not counted, which a limit of rate can bear. */
    __sync_val_compare_and_swap(&meter->empty_ns, empty, next);
    return 1;
}

/* The neighbour a packet goes to, if it leaves by the interface that was foreseen and fits it. */
INLINE int find_neighbour(void *context, const struct packet *packet, struct route *route, __u16 length) {
    const struct relay_forward *forward = route->forward;
    if (forward->egress == LOOPBACK) return 1;
    struct bpf_fib_lookup fib = {};
    fib.family = forward->family == 4 ? FAMILY_IPV4 : FAMILY_IPV6;
    fib.l4_protocol = IPPROTO_UDP;
    fib.sport = forward->source_port;
    fib.dport = forward->destination_port;
    fib.tot_len = length;
    /* As if it had come from `lo`: so forwarding is switched on for `lo` only, and the host does not become a router. */
    fib.ifindex = LOOPBACK;
    if (forward->family == 4) {
        fib.tos = packet->traffic_class;
        fib.ipv4_src = *(const __be32 *)(forward->source + 12);
        fib.ipv4_dst = *(const __be32 *)(forward->destination + 12);
    } else {
        __builtin_memcpy(fib.ipv6_src, forward->source, 16);
        __builtin_memcpy(fib.ipv6_dst, forward->destination, 16);
    }
    if (bpf_fib_lookup(context, &fib, sizeof fib, 0) != BPF_FIB_LKUP_RET_SUCCESS) return 0;
    if (fib.ifindex != forward->egress) return 0;
    __builtin_memcpy(route->hardware_destination, fib.dmac, ETH_ALEN);
    __builtin_memcpy(route->hardware_source, fib.smac, ETH_ALEN);
    return 1;
}

INLINE __u16 header_length(__u8 family, int has_channel) {
    return (family == 4 ? sizeof(struct iphdr) : sizeof(struct ipv6hdr)) + (has_channel ? CHANNEL_HEADER : 0);
}

/* The second half of a packet from one client of this server to another: what the relayed address it goes to does with it. */
INLINE const struct relay_forward *next_forward(const struct relay_forward *first) {
    struct relay_flow flow = {};
    __builtin_memcpy(flow.source, first->source, 16);
    __builtin_memcpy(flow.destination, first->destination, 16);
    flow.source_port = first->source_port;
    flow.destination_port = first->destination_port;
    return bpf_map_lookup_elem(&flows, &flow);
}

INLINE enum verdict decide(void *context, void *data, void *end, struct packet *packet, struct route *route) {
    struct udphdr *udp = read_headers(data, end, packet);
    if (!udp || (void *)(udp + 1) > end) return TO_SERVER;
    packet->checksum = udp->check;
    const struct relay_forward *forward = find(udp, end, packet);
    if (!forward || forward->ingress != packet->ingress) return TO_SERVER;
    __u64 now = bpf_ktime_get_coarse_ns();
    struct relay_slot *slot = live_slot(forward, now), *first_slot = 0;
    if (!slot) return TO_SERVER;
    const struct relay_forward *first = forward;
    __u64 delta = forward->checksum;
    if (forward->chains) {
        first_slot = slot;
        forward = next_forward(first);
        if (!forward || forward->chains || !(slot = live_slot(forward, now))) return TO_SERVER;
        delta += forward->checksum;
    }
    route->forward = forward;
    route->slot = slot;

    if (packet->checksum == 0) {
        /* No checksum: IPv6 forbids it (RFC 8200 §8.1). */
        if (packet->family != 4 || forward->family != 4) return TO_SERVER;
    } else {
        if (is_partial(packet, udp->len)) return TO_SERVER;
        route->checksum = changed_checksum(packet, delta, forward->channel != 0);
    }
    __u16 length = header_length(forward->family, forward->channel != 0) + sizeof *udp + packet->payload;
    if (!find_neighbour(context, packet, route, length)) return TO_SERVER;

    if (!is_within_rate(first, packet->payload, now)) {
        __sync_fetch_and_add(&(first_slot ? first_slot : slot)->dropped, 1);
        return DROP;
    }
    if (first_slot) {
        if (!is_within_rate(forward, packet->payload, now)) {
            __sync_fetch_and_add(&slot->dropped, 1);
            return DROP;
        }
        __sync_fetch_and_add(&first_slot->packets, 1);
        __sync_fetch_and_add(&first_slot->bytes, packet->payload);
    }
    return FORWARD;
}

/* ---- Writing */

INLINE void *write_ipv4(void *at, const struct packet *packet, const struct route *route, __u16 length, __u16 id) {
    struct iphdr *ip = at;
    const struct relay_forward *forward = route->forward;
    *(__u8 *)ip = 0x45;
    ip->tos = packet->traffic_class;
    ip->tot_len = network16(length);
    /* Without DF a packet may be cut further on, and its pieces must not be mixed with another's (RFC 6864). */
    ip->id = packet->may_fragment ? id : 0;
    ip->frag_off = packet->may_fragment ? 0 : network16(DONT_FRAGMENT);
    ip->ttl = packet->hop_limit - 1;
    ip->protocol = IPPROTO_UDP;
    ip->check = 0;
    ip->saddr = *(const __be32 *)(forward->source + 12);
    ip->daddr = *(const __be32 *)(forward->destination + 12);
    const __u32 *words = at;
    ip->check = ~fold((__u64)words[0] + words[1] + words[2] + words[3] + words[4]);
    return ip + 1;
}

INLINE void *write_ipv6(void *at, const struct packet *packet, const struct route *route, __u16 length) {
    struct ipv6hdr *ip = at;
    *(__be32 *)ip = __builtin_bswap32(0x60000000u | (__u32)packet->traffic_class << 20);
    ip->payload_len = network16(length - sizeof *ip);
    ip->nexthdr = IPPROTO_UDP;
    ip->hop_limit = packet->hop_limit - 1;
    __builtin_memcpy(&ip->saddr, route->forward->source, 16);
    __builtin_memcpy(&ip->daddr, route->forward->destination, 16);
    return ip + 1;
}

/* All headers anew, in the room that was made for them. */
INLINE int write_headers(void *data, void *end, const struct packet *packet, const struct route *route) {
    const struct relay_forward *forward = route->forward;
    __u16 room = header_length(forward->family, forward->channel != 0);
    __u16 length = room + sizeof(struct udphdr) + packet->payload;
    struct ethhdr *ethernet = data;
    void *network = ethernet + 1;
    struct udphdr *udp;
    __u64 count = __sync_fetch_and_add(&route->slot->packets, 1);
    __sync_fetch_and_add(&route->slot->bytes, packet->payload);
    if (forward->family == 4) {
        if (network + sizeof(struct iphdr) + sizeof *udp > end) return 0;
        udp = write_ipv4(network, packet, route, length, count);
    } else {
        if (network + sizeof(struct ipv6hdr) + sizeof *udp > end) return 0;
        udp = write_ipv6(network, packet, route, length);
    }
    __builtin_memcpy(ethernet->h_dest, route->hardware_destination, ETH_ALEN);
    __builtin_memcpy(ethernet->h_source, route->hardware_source, ETH_ALEN);
    ethernet->h_proto = forward->family == 4 ? network16(ETH_P_IP) : network16(ETH_P_IPV6);
    udp->source = forward->source_port;
    udp->dest = forward->destination_port;
    udp->len = network16(sizeof *udp + packet->payload + (forward->channel ? CHANNEL_HEADER : 0));
    udp->check = route->checksum;
    if (forward->channel) {
        __be16 *header = (void *)(udp + 1);
        if ((void *)(header + 2) > end) return 0;
        header[0] = forward->channel;
        header[1] = network16(packet->payload);
    }
    return 1;
}

/* ---- Hooks */

SECTION("xdp") int relay_xdp(struct xdp_md *xdp) {
    struct packet packet = {.ingress = xdp->ingress_ifindex, .frame = bpf_xdp_get_buff_len(xdp)};
    struct route route = {};
    void *data = (void *)(long)xdp->data, *end = (void *)(long)xdp->data_end;
    switch (decide(xdp, data, end, &packet, &route)) {
        case TO_SERVER: return XDP_PASS;
        case DROP: return XDP_DROP;
        case FORWARD: break;
    }
    int growth = header_length(route.forward->family, route.forward->channel != 0) -
                 header_length(packet.family, packet.has_channel);
    if (bpf_xdp_adjust_head(xdp, -growth)) return XDP_PASS;
    data = (void *)(long)xdp->data, end = (void *)(long)xdp->data_end;
    if (data + sizeof(struct ethhdr) > end || !write_headers(data, end, &packet, &route)) return XDP_ABORTED;
    return bpf_redirect(route.forward->egress, 0);
}

SECTION("tc") int relay_tc(struct __sk_buff *skb) {
    /* A train of datagrams that the kernel has joined: one header must not be taken off ten of them. */
    if (skb->gso_size) return TC_ACT_UNSPEC;
    struct packet packet = {.ingress = skb->ifindex, .frame = skb->len};
    struct route route = {};
    /* Drivers leave much of a packet in pages of its own, which cannot be read from here; the headers must be. */
    __u32 headers = skb->len < LONGEST_HEADERS ? skb->len : LONGEST_HEADERS;
    if ((void *)(long)skb->data + headers > (void *)(long)skb->data_end && bpf_skb_pull_data(skb, headers))
        return TC_ACT_UNSPEC;
    void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
    switch (decide(skb, data, end, &packet, &route)) {
        case TO_SERVER: return TC_ACT_UNSPEC;
        case DROP: return TC_ACT_SHOT;
        case FORWARD: break;
    }
    if (packet.family != route.forward->family) {
        __be16 protocol = route.forward->family == 4 ? network16(ETH_P_IP) : network16(ETH_P_IPV6);
        if (bpf_skb_change_proto(skb, protocol, 0)) return TC_ACT_SHOT;
    }
    int growth = (route.forward->channel ? CHANNEL_HEADER : 0) - (packet.has_channel ? CHANNEL_HEADER : 0);
    if (growth && bpf_skb_adjust_room(skb, growth, BPF_ADJ_ROOM_MAC, 0)) return TC_ACT_SHOT;
    data = (void *)(long)skb->data, end = (void *)(long)skb->data_end;
    if (data + sizeof(struct ethhdr) > end || !write_headers(data, end, &packet, &route)) return TC_ACT_SHOT;
    return bpf_redirect(route.forward->egress, 0);
}

