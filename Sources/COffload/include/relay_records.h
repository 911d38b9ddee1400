/* What the relay program in the kernel and the server share: the entries of its maps. Addresses and ports are in network
 * order, IPv4 addresses are written as IPv4-mapped IPv6 ones, so that one table serves both families. */
#pragma once
#include <linux/types.h>

/* A direction of a channel as it looks on the wire when it arrives: key of the map `flows`. */
struct relay_flow {
    __u8 source[16];
    __u8 destination[16];
    __be16 source_port;
    __be16 destination_port;
    /* The channel number in front of the payload; 0 when the packet comes from a peer. */
    __be16 channel;
    __u16 zero;
};

/* Where its packets go: value of the map `flows`. Never changed while it is in the map. */
struct relay_forward {
    __u8 source[16];
    __u8 destination[16];
    __be16 source_port;
    __be16 destination_port;
    /* The channel number to write in front of the payload; 0 when the packet goes to a peer. */
    __be16 channel;
    /* What addresses, ports and channel number add to the checksum of UDP: new ones less old ones, in one's complement. */
    __u16 checksum;
    /* The interface its packets arrive on. From any other they are not believed. */
    __u32 ingress;
    /* The interface they leave by. */
    __u32 egress;
    /* Index into the map `slots`. */
    __u32 slot;
    /* Index into the map `meters`; 0 when nothing limits the rate. */
    __u32 meter;
    /* 1 when the destination is a relayed address of this server: what it forwards to goes on with another entry. */
    __u8 chains;
    /* 4 or 6: the family in which packets leave. */
    __u8 family;
    __u16 zero;
};

/* What changes while an entry lives: value of the array `slots`, mapped into the server's memory. */
struct relay_slot {
    /* CLOCK_MONOTONIC; from then on packets go to the server. */
    __u64 expiry_ns;
    __u64 packets;
    /* Bytes of payload, without a ChannelData header. */
    __u64 bytes;
    /* Packets thrown away because the session has used up its rate. */
    __u64 dropped;
};

/* The rate of a session, shared by its entries: value of the array `meters`, mapped into the server's memory. It is a
 * leaky bucket kept as the time at which it will be empty. */
struct relay_meter {
    /* CLOCK_MONOTONIC; the program writes it. */
    __u64 empty_ns;
    /* Nanoseconds that a byte takes, times 65536. */
    __u64 cost;
    /* How far `empty_ns` may lie ahead, in nanoseconds. */
    __u64 burst_ns;
};
