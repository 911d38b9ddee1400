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

/// Binds a socket to a network interface (SO_BINDTODEVICE).
func bindSocket(_ descriptor: CInt, toDevice device: String) throws(SystemError) {
    var name = device
    let result = name.withUTF8 {
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_BINDTODEVICE, $0.baseAddress, socklen_t($0.count))
    }
    try checked("SO_BINDTODEVICE", result)
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
