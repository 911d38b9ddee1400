// What Swift sees of OpenSSL 3. Macros that Swift cannot import get a thin inline function here.
#ifndef CULVERT_COPENSSL_SHIM_H
#define CULVERT_COPENSSL_SHIM_H

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/params.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

/// The options of every context over streams: no compression, no renegotiation (RFC 9325 §3.3, §3.5).
static const uint64_t copenssl_stream_options = SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION;

/// The same for datagrams. The MTU is ours to say.
static const uint64_t copenssl_datagram_options = SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_QUERY_MTU;

/// A server chooses the cipher.
static const uint64_t copenssl_server_options = SSL_OP_CIPHER_SERVER_PREFERENCE;

/// A server of datagrams demands the cookie that comes before all state (RFC 6347 §4.2.1).
static const uint64_t copenssl_cookie_option = SSL_OP_COOKIE_EXCHANGE;

static inline int copenssl_ctx_set_minimum_version(SSL_CTX *context, int version) {
    return SSL_CTX_set_min_proto_version(context, version);
}

static inline long copenssl_ctx_set_mode(SSL_CTX *context, long mode) {
    return SSL_CTX_set_mode(context, mode);
}

static inline long copenssl_ctx_set_session_cache_mode(SSL_CTX *context, long mode) {
    return SSL_CTX_set_session_cache_mode(context, mode);
}

static inline long copenssl_ctx_set_automatic_dh(SSL_CTX *context) {
    return SSL_CTX_set_dh_auto(context, 1);
}

static inline long copenssl_ctx_set_groups(SSL_CTX *context, const char *names) {
    return SSL_CTX_set1_groups_list(context, names);
}

static inline long copenssl_ctx_set_max_cert_list(SSL_CTX *context, long bytes) {
    return SSL_CTX_set_max_cert_list(context, bytes);
}

static inline long copenssl_set_mtu(SSL *session, long bytes) {
    return SSL_set_mtu(session, bytes);
}

static inline long copenssl_set_server_name(SSL *session, const char *name) {
    return SSL_set_tlsext_host_name(session, (char *)name);
}

static inline long copenssl_handle_timeout(SSL *session) {
    return DTLSv1_handle_timeout(session);
}

static inline void copenssl_bio_set_retry_read(BIO *bio) {
    BIO_clear_retry_flags(bio);
    BIO_set_retry_read(bio);
}

#endif
