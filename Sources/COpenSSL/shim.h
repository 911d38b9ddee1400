// What Swift sees of OpenSSL 3. Macros that Swift cannot import get a thin inline function here.
#ifndef CULVERT_COPENSSL_SHIM_H
#define CULVERT_COPENSSL_SHIM_H

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#endif
