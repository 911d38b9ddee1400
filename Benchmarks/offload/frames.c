// Frames from nowhere, and where they end: a generator and a sink for measuring what relays between two interfaces.
//
// The generator is an XDP program that the kernel runs on frames of its own (BPF_F_TEST_XDP_LIVE_FRAMES) and whose
// verdict sends each out by an interface. So the other end receives what a network card would give it, frames with
// headroom and whole checksums, and no socket has cost anything. The sink is an XDP program that counts and drops.
//
//     frames send INTERFACE RATE SECONDS FRAME [CHANNELS CLIENTS]
//         sends FRAME (hexadecimal) RATE times a second, or as fast as it goes with 0; prints how often it was sent.
//         With CHANNELS and CLIENTS: each time with one of so many source ports from FRAME's on, and one of so many channel
//         numbers. Its UDP checksum must be 0 then.
//     frames sink INTERFACE FIRST-PORT LAST-PORT
//         counts and drops IPv4 datagrams to these ports; for each line on standard input prints "packets bytes".

#include <arpa/inet.h>
#include <linux/bpf.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum {
    BATCH = 64,              // packets that the kernel runs the program on at a time
    FLAT_OUT = 1 << 14,      // packets for each system call where no rate is kept
    LONGEST_FRAME = 1514,
    HEADERS = 48,            // what a relay may have written over in a frame that comes again
    SOURCE_PORT = 34,        // offsets into the frame
    DESTINATION_PORT = 36,
    UDP_LENGTH = 38,
    CHANNEL = 42,
    PROTOCOL = 23,
    FIRST_CHANNEL = 0x4000,
    DOES_NOT_FIT = 0,        // a jump that is set later
};

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static int bpf(int command, union bpf_attr *attributes) {
    return (int)syscall(SYS_bpf, command, attributes, sizeof *attributes);
}

// MARK: Instructions

static struct bpf_insn program[128];
static int length;

static void emit(uint8_t code, uint8_t destination, uint8_t source, int16_t offset, int32_t immediate) {
    program[length++] = (struct bpf_insn){code, destination, source, offset, immediate};
}

static void load(uint8_t size, int destination, int source, int offset) { emit(BPF_LDX | BPF_MEM | size, destination, source, offset, 0); }
static void copy(int destination, int source) { emit(BPF_ALU64 | BPF_MOV | BPF_X, destination, source, 0, 0); }
static void set(int destination, int32_t value) { emit(BPF_ALU64 | BPF_MOV | BPF_K, destination, 0, 0, value); }
static void calculate(uint8_t operation, int destination, int32_t value) { emit(BPF_ALU64 | operation | BPF_K, destination, 0, 0, value); }
static void swap16(int destination) { emit(BPF_ALU | BPF_END | BPF_TO_BE, destination, 0, 0, 16); }
static void call(int helper) { emit(BPF_JMP | BPF_CALL, 0, 0, 0, helper); }
static void leave(void) { emit(BPF_JMP | BPF_EXIT, 0, 0, 0, 0); }

// A jump to the end of the program, which `finish` writes.
static int ends[8], end_count;
static void leave_if(uint8_t condition, int left, int32_t right) {
    ends[end_count++] = length;
    emit(BPF_JMP | condition | BPF_K, left, 0, DOES_NOT_FIT, right);
}

// r6 becomes the frame; what is shorter than `size` leaves.
static void require(int size) {
    load(BPF_W, 6, 1, offsetof(struct xdp_md, data));
    load(BPF_W, 7, 1, offsetof(struct xdp_md, data_end));
    copy(0, 6);
    calculate(BPF_ADD, 0, size);
    ends[end_count++] = length;
    emit(BPF_JMP | BPF_JGT | BPF_X, 0, 7, DOES_NOT_FIT, 0);
}

static int finish(int verdict) {
    for (int i = 0; i < end_count; i++) program[ends[i]].off = (int16_t)(length - ends[i] - 1);
    set(0, verdict);
    leave();
    static char log[65536];
    union bpf_attr attributes = {.prog_type = BPF_PROG_TYPE_XDP, .insns = (uintptr_t)program, .insn_cnt = (unsigned)length,
                                 .license = (uintptr_t) "GPL", .log_buf = (uintptr_t)log, .log_size = sizeof log,
                                 .log_level = 1};
    int descriptor = bpf(BPF_PROG_LOAD, &attributes);
    if (descriptor < 0) {
        fputs(log, stderr);
        fail("load the program");
    }
    return descriptor;
}

// MARK: Generator

// Frames come again from the kernel's pool as the relay has left them, so their headers are written anew each time.
static int generator(unsigned interface, const uint8_t *frame, int channels, int clients) {
    require(HEADERS);
    for (int at = 0; at < HEADERS; at += 4) {
        int32_t word;
        memcpy(&word, frame + at, 4);
        emit(BPF_ST | BPF_MEM | BPF_W, 6, 0, (int16_t)at, word);
    }
    if (channels > 0) {
        call(BPF_FUNC_get_prandom_u32);
        copy(8, 0);
        calculate(BPF_MOD, 8, channels);
        calculate(BPF_ADD, 8, FIRST_CHANNEL);
        swap16(8);
        emit(BPF_STX | BPF_MEM | BPF_H, 6, 8, CHANNEL, 0);
        call(BPF_FUNC_get_prandom_u32);
        copy(8, 0);
        calculate(BPF_MOD, 8, clients);
        calculate(BPF_ADD, 8, frame[SOURCE_PORT] << 8 | frame[SOURCE_PORT + 1]);
        swap16(8);
        emit(BPF_STX | BPF_MEM | BPF_H, 6, 8, SOURCE_PORT, 0);
    }
    set(1, (int32_t)interface);
    set(2, 0);
    call(BPF_FUNC_redirect);
    leave();
    return finish(XDP_ABORTED);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static void run(int descriptor, const uint8_t *frame, int size, unsigned times) {
    struct xdp_md context = {.data_end = (unsigned)size};
    union bpf_attr attributes = {.test = {.prog_fd = (unsigned)descriptor, .data_in = (uintptr_t)frame,
                                          .data_size_in = (unsigned)size, .ctx_in = (uintptr_t)&context,
                                          .ctx_size_in = sizeof context, .repeat = times,
                                          .flags = BPF_F_TEST_XDP_LIVE_FRAMES, .batch_size = BATCH}};
    if (bpf(BPF_PROG_TEST_RUN, &attributes) < 0) fail("run the program on frames");
}

static void send_frames(int descriptor, const uint8_t *frame, int size, double rate, double seconds) {
    double start = now(), end = start + seconds;
    unsigned long sent = 0;
    while (now() < end) {
        unsigned count = FLAT_OUT;
        if (rate > 0) {
            double due = (now() - start) * rate - (double)sent;
            if (due < BATCH) {
                struct timespec pause = {.tv_nsec = (long)((BATCH - due) / rate * 1e9)};
                clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, NULL);
                continue;
            }
            count = due > FLAT_OUT ? FLAT_OUT : (unsigned)due / BATCH * BATCH;
        }
        run(descriptor, frame, size, count);
        sent += count;
    }
    printf("%lu\n", sent);
}

// MARK: Sink

static int counters_map(void) {
    union bpf_attr attributes = {
        .map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 2 * sizeof(uint64_t), .max_entries = 1};
    int descriptor = bpf(BPF_MAP_CREATE, &attributes);
    if (descriptor < 0) fail("create a map");
    return descriptor;
}

static int sink(int map, int first_port, int last_port) {
    require(CHANNEL);
    load(BPF_H, 0, 6, 12);
    leave_if(BPF_JNE, 0, htons(0x0800));
    load(BPF_B, 0, 6, PROTOCOL);
    leave_if(BPF_JNE, 0, 17);
    load(BPF_H, 0, 6, DESTINATION_PORT);
    swap16(0);
    leave_if(BPF_JLT, 0, first_port);
    leave_if(BPF_JGT, 0, last_port);
    load(BPF_H, 8, 6, UDP_LENGTH);
    swap16(8);
    emit(BPF_ST | BPF_MEM | BPF_W, 10, 0, -4, 0);
    copy(2, 10);
    calculate(BPF_ADD, 2, -4);
    emit(BPF_LD | BPF_DW | BPF_IMM, 1, BPF_PSEUDO_MAP_FD, 0, map);
    emit(0, 0, 0, 0, 0);
    call(BPF_FUNC_map_lookup_elem);
    leave_if(BPF_JEQ, 0, 0);
    set(9, 1);
    emit(BPF_STX | BPF_ATOMIC | BPF_DW, 0, 9, 0, BPF_ADD);
    emit(BPF_STX | BPF_ATOMIC | BPF_DW, 0, 8, 8, BPF_ADD);
    set(0, XDP_DROP);
    leave();
    return finish(XDP_PASS);
}

// Until standard input ends; the program goes with its link.
static void count(unsigned interface, int first_port, int last_port) {
    int map = counters_map();
    union bpf_attr link = {.link_create = {.prog_fd = (unsigned)sink(map, first_port, last_port),
                                           .target_ifindex = interface, .attach_type = BPF_XDP}};
    if (bpf(BPF_LINK_CREATE, &link) < 0) fail("attach the program");
    for (;;) {
        uint64_t counters[2] = {0};
        uint32_t key = 0;
        union bpf_attr attributes = {.map_fd = (unsigned)map, .key = (uintptr_t)&key, .value = (uintptr_t)counters};
        if (bpf(BPF_MAP_LOOKUP_ELEM, &attributes) < 0) fail("read the counters");
        printf("%lu %lu\n", counters[0], counters[1]);
        fflush(stdout);
        int byte;
        do byte = getchar();
        while (byte != '\n' && byte != EOF);
        if (byte == EOF) return;
    }
}

static int usage(void) {
    fprintf(stderr, "usage: frames send INTERFACE RATE SECONDS FRAME [CHANNELS CLIENTS]\n"
                    "       frames sink INTERFACE FIRST-PORT LAST-PORT\n");
    return 2;
}

int main(int argc, char **argv) {
    unsigned interface = argc > 2 ? if_nametoindex(argv[2]) : 0;
    if (interface == 0) return usage();
    if (strcmp(argv[1], "sink") == 0 && argc == 5) {
        count(interface, atoi(argv[3]), atoi(argv[4]));
        return 0;
    }
    if (strcmp(argv[1], "send") != 0 || (argc != 6 && argc != 8)) return usage();
    uint8_t frame[LONGEST_FRAME];
    int size = (int)strlen(argv[5]) / 2;
    if (size < HEADERS || size > LONGEST_FRAME) return usage();
    for (int i = 0; i < size; i++)
        if (sscanf(argv[5] + 2 * i, "%2hhx", frame + i) != 1) return usage();
    int channels = argc == 8 ? atoi(argv[6]) : 0, clients = argc == 8 ? atoi(argv[7]) : 0;
    send_frames(generator(interface, frame, channels, clients), frame, size, atof(argv[3]), atof(argv[4]));
}
