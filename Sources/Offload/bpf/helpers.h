/* The few helpers of the kernel that the relay program calls, by their numbers in <linux/bpf.h>. */
#pragma once
#include <linux/bpf.h>

#define INLINE static inline __attribute__((always_inline))
#define SECTION(name) __attribute__((section(name), used))

static void *(*const bpf_map_lookup_elem)(void *map, const void *key) = (void *)BPF_FUNC_map_lookup_elem;
static __u64 (*const bpf_ktime_get_coarse_ns)(void) = (void *)BPF_FUNC_ktime_get_coarse_ns;
static long (*const bpf_fib_lookup)(void *ctx, struct bpf_fib_lookup *params, int size, __u32 flags) =
    (void *)BPF_FUNC_fib_lookup;
static long (*const bpf_redirect)(__u32 ifindex, __u64 flags) = (void *)BPF_FUNC_redirect;
static long (*const bpf_xdp_adjust_head)(struct xdp_md *xdp, int delta) = (void *)BPF_FUNC_xdp_adjust_head;
static long (*const bpf_skb_adjust_room)(struct __sk_buff *skb, __s32 difference, __u32 mode, __u64 flags) =
    (void *)BPF_FUNC_skb_adjust_room;
static long (*const bpf_skb_change_proto)(struct __sk_buff *skb, __be16 protocol, __u64 flags) =
    (void *)BPF_FUNC_skb_change_proto;
static long (*const bpf_skb_pull_data)(struct __sk_buff *skb, __u32 length) = (void *)BPF_FUNC_skb_pull_data;
static __u64 (*const bpf_xdp_get_buff_len)(struct xdp_md *xdp) = (void *)BPF_FUNC_xdp_get_buff_len;

/* clang turns these into byte swaps; BPF programs are built for little-endian machines. */
#define network16(value) ((__be16)__builtin_bswap16(value))
#define host16(value) __builtin_bswap16(value)
