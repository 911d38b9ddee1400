// The calls that UDP and TCP sockets have in common.

import Addressing
import Glibc

/// Sets an option whose value is an integer; `name` is what an error calls it.
func setSocketOption(
    _ name: StaticString, _ descriptor: CInt, _ level: CInt, _ option: CInt, _ value: CInt
) throws(SystemError) {
    var value = value
    try checked(name, unsafe setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<CInt>.size)))
}

/// The local address of a socket.
func socketName(of descriptor: CInt) throws(SystemError) -> TransportAddress {
    var address = SocketAddress()
    try checked("getsockname", unsafe address.fill { unsafe getsockname(descriptor, $0, $1) })
    guard let name = address.transportAddress else { throw SystemError("getsockname", code: EAFNOSUPPORT) }
    return name
}

/// The address at the other end of a connected socket.
func peerName(of descriptor: CInt) throws(SystemError) -> TransportAddress {
    var address = SocketAddress()
    try checked("getpeername", unsafe address.fill { unsafe getpeername(descriptor, $0, $1) })
    guard let name = address.transportAddress else { throw SystemError("getpeername", code: EAFNOSUPPORT) }
    return name
}
