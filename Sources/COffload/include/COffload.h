/* bpf(2) for Swift, and what the server shares with its program in the kernel. */
#ifndef COFFLOAD_H
#define COFFLOAD_H

#include <linux/bpf.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "relay_records.h"

/* `syscall` takes a variable number of arguments, which Swift cannot call. */
static inline long coffload_bpf(int command, union bpf_attr *attributes, unsigned int size) {
    return syscall(__NR_bpf, command, attributes, size);
}

/* Newer than some headers (Linux 6.6). */
enum { coffload_tcx_ingress = 46 };

#endif
