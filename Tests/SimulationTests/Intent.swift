import Addressing
import STUN

/// What a packet of a simulated client means: what the model judges, while the engine gets the bytes.
enum Intent {
    struct Credentials {
        let user: Int
        let nonce: [UInt8]
        let isKeyRight: Bool
    }

    enum Port: UInt8 {
        case any
        case even
        case evenWithNext
    }

    struct Wish {
        var family = IPAddress.Family.ipv4
        var isDual = false
        var port = Port.any
        var token: UInt64?
        var lifetime: UInt32?
    }

    case binding
    case allocate(Credentials?, TransactionID, Wish)
    case refresh(Credentials?, lifetime: UInt32?, IPAddress.Family?)
    case permit(Credentials?, [TransportAddress])
    case bind(Credentials?, UInt16, TransportAddress)
    case send(TransportAddress, [UInt8])
    case channelData(UInt16, [UInt8])
    /// Bytes that are no valid message of anybody.
    case noise
}
