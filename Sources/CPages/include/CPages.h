// The files of the web pages, as they stand in Web/. They become part of the program when it is compiled (C23's #embed):
// no step of the build makes them, and none is to be found when the server runs.

#ifndef CPAGES_H
#define CPAGES_H

#include <stddef.h>

/// One file.
struct cpages_file {
    /// As in Web/.
    const char *name;
    const unsigned char *bytes;
    size_t length;
};

/// How many files there are.
size_t cpages_count(void);
/// The file of an index below the count.
const struct cpages_file *cpages_file(size_t index);

#endif
