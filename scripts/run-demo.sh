#!/usr/bin/env bash
# Starts the server on loopback with a user and a password made up on the spot, and prints the `iceServers` that a web
# page wants. Ctrl-C ends it. LISTEN and PORT choose another address, for example LISTEN=127.0.0.2 PORT=13478.
set -euo pipefail
cd "$(dirname "$0")/.."

server=${CULVERT_TURNSERVER:-.build/release/turnserver}
address=${LISTEN:-127.0.0.1}
port=${PORT:-3478}
configuration=.build/demo/turnserver.conf

random_hex() { od -An -N "$1" -tx1 /dev/urandom | tr -d ' \n'; }
user=demo-$(random_hex 4)
password=$(random_hex 16)

mkdir -p "$(dirname $configuration)"
umask 077
cat >$configuration <<EOF
listening-ip=$address
relay-ip=$address
listening-port=$port
realm=culvert.demo
lt-cred-mech
user=$user:$password
# Both ends of a call on this machine have loopback addresses.
allow-loopback-peers
no-tls
no-dtls
no-cli
log-file=stdout
EOF

"$server" -c $configuration &
pid=$!
stopping=no
trap 'stopping=yes; kill -TERM $pid 2>/dev/null || true' INT TERM

# Ready when it takes a connection; until then it may also have given up, and then its status is ours.
until (exec 3<>"/dev/tcp/$address/$port") 2>/dev/null; do
    kill -0 $pid 2>/dev/null || break
    sleep 0.1
done

if kill -0 $pid 2>/dev/null; then
    cat <<EOF

Culvert is listening on $address:$port. Put this into RTCPeerConnection's configuration:

{
  "iceServers": [
    {
      "urls": ["turn:$address:$port?transport=udp", "turn:$address:$port?transport=tcp"],
      "username": "$user",
      "credential": "$password"
    }
  ],
  "iceTransportPolicy": "relay"
}

Ctrl-C ends it.
EOF
fi

# A signal to us ends the first wait before the server has ended.
status=0
wait $pid || status=$?
if [[ $stopping == yes ]]; then
    status=0
    wait $pid || status=$?
fi
exit $status
