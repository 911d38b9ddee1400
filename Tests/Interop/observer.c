// Loaded into the server with LD_PRELOAD, watches what its relay path asks of the C library: heap allocations, mutexes, and
// whether what is sent lies where it was received. The counts stand in a file that CULVERT_OBSERVER names, as an array of
// 64-bit numbers, so that a test reads them while the server runs.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

enum { RECEIVED, SENT, SENT_FROM_ELSEWHERE, ALLOCATIONS, MUTEXES, COUNTS };
enum { REMEMBERED = 1024, HEADROOM = 64 };

static _Atomic uint64_t nowhere[COUNTS];
static _Atomic uint64_t *counts = nowhere;

static void count(int what, uint64_t number) {
    atomic_fetch_add_explicit(&counts[what], number, memory_order_relaxed);
}

__attribute__((constructor)) static void open_counts(void) {
    const char *name = getenv("CULVERT_OBSERVER");
    int file = name ? open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600) : -1;
    if (file < 0 || ftruncate(file, sizeof nowhere) != 0) abort();
    void *shared = mmap(NULL, sizeof nowhere, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (shared == MAP_FAILED) abort();
    close(file);
    counts = shared;
}

// MARK: The heap

void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);

void *malloc(size_t size) {
    count(ALLOCATIONS, 1);
    return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
    count(ALLOCATIONS, 1);
    return __libc_calloc(number, size);
}

void *realloc(void *old, size_t size) {
    count(ALLOCATIONS, 1);
    return __libc_realloc(old, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    count(ALLOCATIONS, 1);
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **result, size_t alignment, size_t size) {
    count(ALLOCATIONS, 1);
    *result = __libc_memalign(alignment, size);
    return *result ? 0 : 12;
}

// MARK: Locks

int pthread_mutex_lock(pthread_mutex_t *mutex) {
    static _Atomic(int (*)(pthread_mutex_t *)) next;
    if (!next) next = (int (*)(pthread_mutex_t *))dlsym(RTLD_NEXT, "pthread_mutex_lock");
    count(MUTEXES, 1);
    return next(mutex);
}

// MARK: Datagrams

// What this thread received last: each worker has buffers of its own.
static _Thread_local struct iovec received[REMEMBERED];
static _Thread_local unsigned next_place;

int recvmmsg(int descriptor, struct mmsghdr *messages, unsigned length, int flags, struct timespec *timeout) {
    static _Atomic(int (*)(int, struct mmsghdr *, unsigned, int, struct timespec *)) next;
    if (!next) next = (int (*)(int, struct mmsghdr *, unsigned, int, struct timespec *))dlsym(RTLD_NEXT, "recvmmsg");
    int result = next(descriptor, messages, length, flags, timeout);
    for (int i = 0; i < result; i++) {
        struct iovec place = {messages[i].msg_hdr.msg_iov[0].iov_base, messages[i].msg_len};
        received[next_place++ % REMEMBERED] = place;
    }
    if (result > 0) count(RECEIVED, (uint64_t)result);
    return result;
}

ssize_t recvfrom(int descriptor, void *bytes, size_t length, int flags, struct sockaddr *source, socklen_t *source_length) {
    static _Atomic(ssize_t (*)(int, void *, size_t, int, struct sockaddr *, socklen_t *)) next;
    if (!next) next = (ssize_t (*)(int, void *, size_t, int, struct sockaddr *, socklen_t *))dlsym(RTLD_NEXT, "recvfrom");
    ssize_t result = next(descriptor, bytes, length, flags, source, source_length);
    if (result >= 0) {
        received[next_place++ % REMEMBERED] = (struct iovec){bytes, (size_t)result};
        count(RECEIVED, 1);
    }
    return result;
}

// Whether bytes lie where something was received, with room for a header in front and for padding behind. What was received
// at once may have been several datagrams (UDP_GRO).
static int was_received(struct iovec sent) {
    uintptr_t start = (uintptr_t)sent.iov_base, end = start + sent.iov_len;
    for (unsigned back = 1; back <= REMEMBERED; back++) {
        struct iovec place = received[(next_place - back) % REMEMBERED];
        uintptr_t first = (uintptr_t)place.iov_base;
        if (first && first - HEADROOM <= start && end <= first + place.iov_len + 3) return 1;
    }
    return 0;
}

int sendmmsg(int descriptor, struct mmsghdr *messages, unsigned length, int flags) {
    static _Atomic(int (*)(int, struct mmsghdr *, unsigned, int)) next;
    if (!next) next = (int (*)(int, struct mmsghdr *, unsigned, int))dlsym(RTLD_NEXT, "sendmmsg");
    int result = next(descriptor, messages, length, flags);
    for (int i = 0; i < result; i++) {
        for (size_t part = 0; part < messages[i].msg_hdr.msg_iovlen; part++) {
            count(SENT, 1);
            if (!was_received(messages[i].msg_hdr.msg_iov[part])) count(SENT_FROM_ELSEWHERE, 1);
        }
    }
    return result;
}

ssize_t sendto(int descriptor, const void *bytes, size_t length, int flags, const struct sockaddr *to, socklen_t to_length) {
    static _Atomic(ssize_t (*)(int, const void *, size_t, int, const struct sockaddr *, socklen_t)) next;
    if (!next) next = (ssize_t (*)(int, const void *, size_t, int, const struct sockaddr *, socklen_t))dlsym(RTLD_NEXT, "sendto");
    ssize_t result = next(descriptor, bytes, length, flags, to, to_length);
    if (result >= 0) {
        count(SENT, 1);
        if (!was_received((struct iovec){(void *)bytes, length})) count(SENT_FROM_ELSEWHERE, 1);
    }
    return result;
}
