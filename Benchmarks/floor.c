// The floor: what relaying costs when there is nothing but the system calls.
//
// The same receive and send calls as a relay (epoll, recvmmsg into one batch, sendmmsg gathered for each socket), a fixed
// mapping from client to relay socket, and no protocol: four bytes are cut off on the way to the peer and put in front
// on the way back. No checks, no permissions, no time, no counters.
//
// Only so that the same load generator can drive it, it answers Allocate, ChannelBind and Refresh without looking at
// who asks: that is how a client's mapping is told. One channel a client, IPv4, nothing is ever freed but by Refresh.
//
//     cc -O2 -o floor Benchmarks/floor.c && ./floor 127.0.0.1 3478

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    BATCH = 128,            // buffers of a turn
    PER_SOCKET = 64,        // datagrams taken from one socket in a turn
    EVENTS = 256,           // events taken from epoll at a time
    HEADROOM = 64,          // room in front of a payload
    PAYLOAD = 2048,         // the longest datagram
    FLOWS = 1 << 16,        // clients
    SLOTS = FLOWS * 2,      // places of the hash table
    CHANNEL_HEADER = 4,
    SOCKET_BUFFER = 2 << 20,
};

static const uint32_t LISTENER = UINT32_MAX;  // stands for the listener where a flow's number could
static const uint32_t COOKIE = 0x2112A442;

struct flow {
    int relay;
    uint32_t header;  // channel number; the length is added to it
    struct sockaddr_in client, peer;
};

static struct flow flows[FLOWS];
static uint32_t flow_count;
static uint32_t slots[SLOTS];  // flow + 1, found by the client's address
static int epoll, listener;
static struct in_addr own_address;

// The batch: buffer i of the turn, and where its content goes.
static unsigned char memory[BATCH][HEADROOM + PAYLOAD];
static struct sockaddr_in sources[BATCH];
static struct mmsghdr receives[BATCH];
static struct iovec receive_vectors[BATCH];
static unsigned received;

// What leaves at the end of the turn, one list for each socket that has something to send.
struct chain {
    int descriptor;
    unsigned count;
    unsigned char buffers[BATCH];
};
static struct chain chains[BATCH];
static unsigned chain_count;
static unsigned char chain_of[FLOWS * 2];  // where a descriptor's chain is, if it has one in this turn
static struct iovec send_vectors[BATCH];
static struct sockaddr_in *destinations[BATCH];

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static uint32_t place_of(const struct sockaddr_in *client) {
    uint64_t key = (uint64_t)client->sin_addr.s_addr << 16 | client->sin_port;
    uint32_t place = (key * 0x9E3779B97F4A7C15u) >> 47;
    while (slots[place] != 0) {
        const struct sockaddr_in *found = &flows[slots[place] - 1].client;
        if (found->sin_addr.s_addr == client->sin_addr.s_addr && found->sin_port == client->sin_port) break;
        place = (place + 1) % SLOTS;
    }
    return place;
}

// MARK: Sending

static void gather(int descriptor, unsigned buffer, struct sockaddr_in *destination, void *start, size_t length) {
    destinations[buffer] = destination;
    send_vectors[buffer] = (struct iovec){start, length};
    unsigned index = chain_of[descriptor];
    if (index >= chain_count || chains[index].descriptor != descriptor) {
        index = chain_count++;
        chain_of[descriptor] = (unsigned char)index;
        chains[index].descriptor = descriptor;
        chains[index].count = 0;
    }
    struct chain *chain = &chains[index];
    chain->buffers[chain->count++] = (unsigned char)buffer;
}

static void flush(void) {
    struct mmsghdr messages[BATCH];
    for (unsigned c = 0; c < chain_count; c++) {
        struct chain *chain = &chains[c];
        for (unsigned i = 0; i < chain->count; i++) {
            unsigned buffer = chain->buffers[i];
            messages[i].msg_hdr = (struct msghdr){.msg_name = destinations[buffer],
                                                  .msg_namelen = sizeof(struct sockaddr_in),
                                                  .msg_iov = &send_vectors[buffer],
                                                  .msg_iovlen = 1};
        }
        for (unsigned done = 0; done < chain->count;) {
            int sent = sendmmsg(chain->descriptor, messages + done, chain->count - done, 0);
            if (sent < 0 && errno == EAGAIN) break;
            done += sent > 0 ? (unsigned)sent : 1;
        }
    }
    chain_count = 0;
    for (unsigned i = 0; i < received; i++) receives[i].msg_hdr.msg_namelen = sizeof sources[i];
    received = 0;
}

// MARK: Receiving

static unsigned receive(int descriptor) {
    if (received == BATCH) flush();
    unsigned room = BATCH - received < PER_SOCKET ? BATCH - received : PER_SOCKET;
    int count = recvmmsg(descriptor, receives + received, room, 0, NULL);
    if (count <= 0) return 0;
    received += (unsigned)count;
    return (unsigned)count;
}

static void answer(unsigned buffer, size_t length);

static void hear_clients(void) {
    unsigned count = receive(listener);
    for (unsigned buffer = received - count; buffer < received; buffer++) {
        unsigned char *bytes = memory[buffer] + HEADROOM;
        size_t length = receives[buffer].msg_len;
        if (length < CHANNEL_HEADER) continue;
        if (bytes[0] < 4) {
            answer(buffer, length);
            continue;
        }
        uint32_t slot = slots[place_of(&sources[buffer])];
        if (slot == 0) continue;
        struct flow *flow = &flows[slot - 1];
        gather(flow->relay, buffer, &flow->peer, bytes + CHANNEL_HEADER, length - CHANNEL_HEADER);
    }
}

static void hear_peers(uint32_t number) {
    struct flow *flow = &flows[number];
    unsigned count = receive(flow->relay);
    for (unsigned buffer = received - count; buffer < received; buffer++) {
        unsigned length = receives[buffer].msg_len;
        unsigned char *start = memory[buffer] + HEADROOM - CHANNEL_HEADER;
        uint32_t header = htonl(flow->header | length);
        memcpy(start, &header, CHANNEL_HEADER);
        gather(listener, buffer, &flow->client, start, length + CHANNEL_HEADER);
    }
}

// MARK: Just enough STUN to be told the mapping

static struct flow *flow_of(const struct sockaddr_in *client) {
    uint32_t place = place_of(client);
    if (slots[place] == 0) {
        if (flow_count == FLOWS) {
            fprintf(stderr, "floor: too many clients\n");
            exit(1);
        }
        slots[place] = ++flow_count;
        flows[flow_count - 1] = (struct flow){.relay = -1, .client = *client};
    }
    return &flows[slots[place] - 1];
}

static void open_relay(struct flow *flow) {
    if (flow->relay >= 0) return;
    flow->relay = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    struct sockaddr_in any_port = {.sin_family = AF_INET, .sin_addr = own_address};
    if (flow->relay < 0 || bind(flow->relay, (struct sockaddr *)&any_port, sizeof any_port) != 0) fail("relay socket");
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = (uint32_t)(flow - flows)};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, flow->relay, &event) != 0) fail("epoll_ctl");
}

static unsigned char *put(unsigned char *at, const void *bytes, size_t length) {
    memcpy(at, bytes, length);
    return at + length;
}

static void answer(unsigned buffer, size_t length) {
    enum { ALLOCATE = 0x0003, REFRESH = 0x0004, CHANNEL_BIND = 0x0009, SUCCESS = 0x0100, STUN_HEADER = 20 };
    unsigned char *bytes = memory[buffer] + HEADROOM;
    if (length < STUN_HEADER) return;
    struct flow *flow = flow_of(&sources[buffer]);
    unsigned type = (unsigned)bytes[0] << 8 | bytes[1];
    unsigned char reply[64];
    memcpy(reply, bytes, STUN_HEADER);
    unsigned char *end = reply + STUN_HEADER;

    if (type == ALLOCATE) {
        open_relay(flow);
        struct sockaddr_in name;
        socklen_t name_length = sizeof name;
        getsockname(flow->relay, (struct sockaddr *)&name, &name_length);
        uint16_t port = name.sin_port ^ htons(COOKIE >> 16);
        uint32_t address = name.sin_addr.s_addr ^ htonl(COOKIE);
        end = put(end, "\x00\x16\x00\x08\x00\x01", 6);  // XOR-RELAYED-ADDRESS, 8 bytes, IPv4
        end = put(end, &port, 2);
        end = put(end, &address, 4);
        end = put(end, "\x00\x0d\x00\x04\x00\x00\x02\x58", 8);  // LIFETIME: 600 s
    } else if (type == CHANNEL_BIND) {
        for (size_t at = STUN_HEADER; at + 8 <= length;) {
            unsigned attribute = (unsigned)bytes[at] << 8 | bytes[at + 1];
            unsigned size = (unsigned)bytes[at + 2] << 8 | bytes[at + 3];
            if (attribute == 0x000C) flow->header = (uint32_t)bytes[at + 4] << 24 | (uint32_t)bytes[at + 5] << 16;
            if (attribute == 0x0012 && size == 8 && at + 12 <= length) {
                uint16_t port;
                uint32_t address;
                memcpy(&port, bytes + at + 6, 2);
                memcpy(&address, bytes + at + 8, 4);
                flow->peer = (struct sockaddr_in){.sin_family = AF_INET,
                                                  .sin_port = port ^ htons(COOKIE >> 16),
                                                  .sin_addr.s_addr = address ^ htonl(COOKIE)};
            }
            at += 4 + ((size + 3) & ~3u);
        }
    } else if (type == REFRESH) {
        if (flow->relay >= 0) close(flow->relay);
        flow->relay = -1;
    }
    uint16_t reply_type = htons((uint16_t)(type | SUCCESS)), reply_length = htons((uint16_t)(end - reply - STUN_HEADER));
    memcpy(reply, &reply_type, 2);
    memcpy(reply + 2, &reply_length, 2);
    sendto(listener, reply, (size_t)(end - reply), 0, (struct sockaddr *)&sources[buffer], sizeof sources[buffer]);
}

int main(int argc, char **argv) {
    if (argc != 3 || inet_aton(argv[1], &own_address) == 0) {
        fprintf(stderr, "usage: floor ADDRESS PORT\n");
        return 2;
    }
    struct sockaddr_in name = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[2])), .sin_addr = own_address};
    int size = SOCKET_BUFFER;
    listener = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    setsockopt(listener, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    setsockopt(listener, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    if (bind(listener, (struct sockaddr *)&name, sizeof name) != 0) fail("bind");

    epoll = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = LISTENER};
    if (epoll < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event) != 0) fail("epoll");
    for (unsigned i = 0; i < BATCH; i++) {
        receive_vectors[i] = (struct iovec){memory[i] + HEADROOM, PAYLOAD};
        receives[i].msg_hdr = (struct msghdr){
            .msg_name = &sources[i], .msg_namelen = sizeof sources[i], .msg_iov = &receive_vectors[i], .msg_iovlen = 1};
    }

    struct epoll_event events[EVENTS];
    for (;;) {
        int count = epoll_wait(epoll, events, EVENTS, -1);
        for (int i = 0; i < count; i++) {
            if (events[i].data.u32 == LISTENER) {
                hear_clients();
            } else if (flows[events[i].data.u32].relay >= 0) {
                hear_peers(events[i].data.u32);
            }
        }
        flush();
    }
}
