// What Swift cannot import from Glibc by itself: headers outside its module map, function-like macros, and names
// that glibc shows only under _GNU_SOURCE. This header must never define _GNU_SOURCE: other structs would change
// their fields under the feet of the Glibc module. CLinux.c defines it for itself.

#ifndef CLINUX_H
#define CLINUX_H

#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <stdint.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>

/// `struct mmsghdr`, which glibc hides; CLinux.c asserts that the two are laid out alike.
struct clinux_mmsghdr {
    struct msghdr header;
    unsigned int length;
};

int clinux_recvmmsg(int descriptor, struct clinux_mmsghdr *messages, unsigned int count, int flags);
int clinux_sendmmsg(int descriptor, struct clinux_mmsghdr *messages, unsigned int count, int flags);
int clinux_accept4(int descriptor, struct sockaddr *address, socklen_t *length, int flags);
int clinux_pipe(int descriptors[2]);
ssize_t clinux_splice(int from, int to, size_t count);
int clinux_set_thread_name(const char *name);
int clinux_pin_thread(int cpu);
int clinux_epoll_wait(int descriptor, struct epoll_event *events, int count, uint64_t nanoseconds);
int clinux_set_timer_slack(unsigned long nanoseconds);

/// Types of socket as plain numbers; in glibc they are an enum that Swift imports as a struct.
static const int clinux_datagram_socket = SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
static const int clinux_stream_socket = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
static const int clinux_accept_flags = SOCK_NONBLOCK | SOCK_CLOEXEC;

/// `struct in6_pktinfo`, hidden like mmsghdr.
struct clinux_in6_pktinfo {
    struct in6_addr address;
    unsigned int interface;
};

/// Room for the control messages of one datagram: packet information of either family and one more integer
/// (segment size or traffic class).
enum { clinux_control_size = 64 };

_Static_assert(CMSG_SPACE(sizeof(struct clinux_in6_pktinfo)) + CMSG_SPACE(sizeof(int)) <= clinux_control_size,
               "the control buffer holds packet information and an integer");

/// Finds the local address a datagram was sent to. Returns AF_INET and fills `address` with 4 bytes, or AF_INET6
/// with 16 bytes, in network order; 0 when the kernel told nothing.
static inline int clinux_local_address(struct msghdr *message, unsigned char address[16]) {
    for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c != NULL; c = CMSG_NXTHDR(message, c)) {
        if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO
            && c->cmsg_len >= CMSG_LEN(sizeof(struct in_pktinfo))) {
            struct in_pktinfo info;
            memcpy(&info, CMSG_DATA(c), sizeof info);
            // For unicast both addresses are the same; for broadcast this one is still ours to answer from.
            memcpy(address, &info.ipi_spec_dst, 4);
            return AF_INET;
        }
        if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO
            && c->cmsg_len >= CMSG_LEN(sizeof(struct clinux_in6_pktinfo))) {
            memcpy(address, CMSG_DATA(c), 16);
            return AF_INET6;
        }
    }
    return 0;
}

/// An error that came back for a datagram, from the error queue of a socket (IP_RECVERR, ip(7)).
struct clinux_icmp_error {
    unsigned char family;  // AF_INET or AF_INET6
    unsigned char type;
    unsigned char code;
    uint32_t info;  // the MTU of the next hop, where it is too small
};

/// Takes the next error; where the datagram went is left in `destination`. Returns 1; 0 for an error of this machine's own;
/// -1 when there is none.
int clinux_receive_icmp_error(
    int descriptor, struct sockaddr *destination, socklen_t *length, struct clinux_icmp_error *error);

/// Joins datagrams that came one behind the other, of one size and from one sender (UDP_GRO, udp(7)); younger than some
/// headers.
static const int clinux_udp_gro = 104;

/// The size of the datagrams that were joined to one (UDP_GRO); 0 when the kernel joined nothing.
static inline int clinux_segment_size(struct msghdr *message) {
    for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c != NULL; c = CMSG_NXTHDR(message, c)) {
        if (c->cmsg_level == SOL_UDP && c->cmsg_type == clinux_udp_gro && c->cmsg_len >= CMSG_LEN(sizeof(int))) {
            int size;
            memcpy(&size, CMSG_DATA(c), sizeof size);
            return size;
        }
    }
    return 0;
}

/// Writes a control message that makes a datagram leave from an IPv4 address, given in network order.
static inline void clinux_put_source_v4(struct msghdr *message, void *control, uint32_t address) {
    memset(control, 0, CMSG_SPACE(sizeof(struct in_pktinfo)));
    message->msg_control = control;
    message->msg_controllen = CMSG_SPACE(sizeof(struct in_pktinfo));
    struct cmsghdr *c = CMSG_FIRSTHDR(message);
    c->cmsg_level = IPPROTO_IP;
    c->cmsg_type = IP_PKTINFO;
    c->cmsg_len = CMSG_LEN(sizeof(struct in_pktinfo));
    struct in_pktinfo info = {.ipi_spec_dst = {.s_addr = address}};
    memcpy(CMSG_DATA(c), &info, sizeof info);
}

/// Writes a control message that makes a datagram leave from an IPv6 address, given as two halves in network order.
static inline void clinux_put_source_v6(struct msghdr *message, void *control, uint64_t high, uint64_t low) {
    memset(control, 0, CMSG_SPACE(sizeof(struct clinux_in6_pktinfo)));
    message->msg_control = control;
    message->msg_controllen = CMSG_SPACE(sizeof(struct clinux_in6_pktinfo));
    struct cmsghdr *c = CMSG_FIRSTHDR(message);
    c->cmsg_level = IPPROTO_IPV6;
    c->cmsg_type = IPV6_PKTINFO;
    c->cmsg_len = CMSG_LEN(sizeof(struct clinux_in6_pktinfo));
    memcpy(CMSG_DATA(c), &high, 8);
    memcpy(CMSG_DATA(c) + 8, &low, 8);
}

/// Adds a control message behind those in `control`, if any, that makes the kernel cut the payload into datagrams of
/// `size` bytes (UDP_SEGMENT, udp(7)).
static inline void clinux_put_segment_size(struct msghdr *message, void *control, uint16_t size) {
    struct cmsghdr *c = (struct cmsghdr *)((char *)control + message->msg_controllen);
    memset(c, 0, CMSG_SPACE(sizeof size));
    c->cmsg_level = SOL_UDP;
    c->cmsg_type = 103;  // UDP_SEGMENT, younger than some headers
    c->cmsg_len = CMSG_LEN(sizeof size);
    memcpy(CMSG_DATA(c), &size, sizeof size);
    message->msg_control = control;
    message->msg_controllen += CMSG_SPACE(sizeof size);
}

#endif
