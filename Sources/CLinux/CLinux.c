#define _GNU_SOURCE
#include "CLinux.h"

#include <fcntl.h>
#include <linux/errqueue.h>
#include <pthread.h>
#include <sched.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <unistd.h>

_Static_assert(sizeof(struct clinux_mmsghdr) == sizeof(struct mmsghdr), "mmsghdr: size");
_Static_assert(offsetof(struct clinux_mmsghdr, length) == offsetof(struct mmsghdr, msg_len), "mmsghdr: length");
_Static_assert(sizeof(struct clinux_in6_pktinfo) == sizeof(struct in6_pktinfo), "in6_pktinfo: size");
_Static_assert(offsetof(struct clinux_in6_pktinfo, interface) == offsetof(struct in6_pktinfo, ipi6_ifindex),
               "in6_pktinfo: interface");

int clinux_recvmmsg(int descriptor, struct clinux_mmsghdr *messages, unsigned int count, int flags) {
    return recvmmsg(descriptor, (struct mmsghdr *)messages, count, flags, NULL);
}

int clinux_sendmmsg(int descriptor, struct clinux_mmsghdr *messages, unsigned int count, int flags) {
    return sendmmsg(descriptor, (struct mmsghdr *)messages, count, flags);
}

int clinux_accept4(int descriptor, struct sockaddr *address, socklen_t *length, int flags) {
    return accept4(descriptor, address, length, flags);
}

int clinux_pipe(int descriptors[2]) {
    return pipe2(descriptors, O_CLOEXEC | O_NONBLOCK);
}

ssize_t clinux_splice(int from, int to, size_t count) {
    return splice(from, NULL, to, NULL, count, SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
}

int clinux_receive_icmp_error(
    int descriptor, struct sockaddr *destination, socklen_t *length, struct clinux_icmp_error *error) {
    _Alignas(struct cmsghdr) char control[256];
    struct msghdr message = {
        .msg_name = destination, .msg_namelen = *length, .msg_control = control, .msg_controllen = sizeof control};
    if (recvmsg(descriptor, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0) return -1;
    *length = message.msg_namelen;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&message); c != NULL; c = CMSG_NXTHDR(&message, c)) {
        int is_ipv4 = c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVERR;
        int is_ipv6 = c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_RECVERR;
        if ((!is_ipv4 && !is_ipv6) || c->cmsg_len < CMSG_LEN(sizeof(struct sock_extended_err))) continue;
        struct sock_extended_err cause;
        memcpy(&cause, CMSG_DATA(c), sizeof cause);
        if (cause.ee_origin != SO_EE_ORIGIN_ICMP && cause.ee_origin != SO_EE_ORIGIN_ICMP6) return 0;
        error->family = cause.ee_origin == SO_EE_ORIGIN_ICMP ? AF_INET : AF_INET6;
        error->type = cause.ee_type;
        error->code = cause.ee_code;
        error->info = cause.ee_info;
        return 1;
    }
    return 0;
}

int clinux_set_thread_name(const char *name) {
    return pthread_setname_np(pthread_self(), name);
}

int clinux_pin_thread(int cpu) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    return pthread_setaffinity_np(pthread_self(), sizeof set, &set);
}

int clinux_epoll_wait(int descriptor, struct epoll_event *events, int count, uint64_t nanoseconds) {
    struct timespec timeout = {.tv_sec = (time_t)(nanoseconds / 1000000000), .tv_nsec = (long)(nanoseconds % 1000000000)};
    return epoll_pwait2(descriptor, events, count, &timeout, NULL);
}

int clinux_set_timer_slack(unsigned long nanoseconds) {
    return prctl(PR_SET_TIMERSLACK, nanoseconds, 0, 0, 0);
}
