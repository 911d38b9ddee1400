/* bpf(2) for Swift, and what the server shares with its program in the kernel. */
#ifndef COFFLOAD_H
#define COFFLOAD_H

#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "relay_records.h"

/* `syscall` takes a variable number of arguments, which Swift cannot call. */
static inline long coffload_bpf(int command, union bpf_attr *attributes, unsigned int size) {
    return syscall(__NR_bpf, command, attributes, size);
}

/* Takes CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON from the calling thread, for good. Returns 0, or -1 with errno set. */
int coffload_give_up_rights(void);

/* Newer than some headers (Linux 6.6). */
enum { coffload_tcx_ingress = 46, coffload_tcx_egress = 47 };

#endif
