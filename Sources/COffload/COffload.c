#include "COffload.h"

int coffload_give_up_rights(void) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3];
    static const int rights[] = {CAP_BPF, CAP_NET_ADMIN, CAP_PERFMON};
    if (syscall(SYS_capget, &header, sets)) return -1;
    for (unsigned i = 0; i < sizeof rights / sizeof *rights; i++) {
        struct __user_cap_data_struct *set = &sets[CAP_TO_INDEX(rights[i])];
        set->effective &= ~CAP_TO_MASK(rights[i]);
        set->permitted &= ~CAP_TO_MASK(rights[i]);
        set->inheritable &= ~CAP_TO_MASK(rights[i]);
    }
    return (int)syscall(SYS_capset, &header, sets);
}
