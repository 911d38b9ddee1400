// SQLite's C API, and what Swift cannot import of it: SQLITE_TRANSIENT is a cast of -1 to a function pointer.
#pragma once

#include <sqlite3.h>

/// Binds a copy of `length` bytes as text.
static inline int culvert_sqlite3_bind_copied_text(sqlite3_stmt *statement, int index, const void *bytes, int length) {
    return sqlite3_bind_text(statement, index, (const char *)bytes, length, SQLITE_TRANSIENT);
}
