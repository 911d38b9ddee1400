import Foundation
import STUN
import Testing

/// One test vector: bytes from an RFC or made by hand, and what an independent decoder found in them.
struct Vector: Decodable, Sendable {
    /// An attribute as it stands in the bytes.
    struct Attribute: Decodable, Sendable, Equatable {
        let type: String
        let value: String
    }

    /// The id that conformance tests call it by.
    let name: String
    /// What it shows.
    let title: String
    /// Where it comes from.
    let source: String
    private let bytes: [String]
    private let key: String?
    /// The method's number.
    let method: UInt16?
    /// `request`, `indication`, `success` or `error`.
    let `class`: String?
    /// The transaction id in hexadecimal.
    let transactionID: String?
    /// Every attribute, in order.
    let attributes: [Attribute]?
    /// Whether it ends in a right FINGERPRINT.
    let fingerprint: Bool?
    /// Which message integrities hold under the key.
    let integrity: [String]?
    /// The address in XOR-MAPPED-ADDRESS.
    let mappedAddress: String?
    /// Why a reader must refuse the bytes.
    let refused: String?
    /// The channel number of ChannelData, in hexadecimal.
    let channel: String?
    /// The payload of ChannelData, in hexadecimal.
    let payload: String?

    /// The bytes on the wire.
    var message: [UInt8] { [UInt8](hex: bytes.joined()) ?? [] }
    /// The key of the message integrity.
    var integrityKey: [UInt8] { [UInt8](hex: key ?? "") ?? [] }

    /// Every vector in the folder.
    static let all: [Vector] = {
        guard let folder = Bundle.module.url(forResource: "Vectors", withExtension: nil),
            let files = try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        else { return [] }
        return files.sorted { $0.path < $1.path }.compactMap { file in
            try? JSONDecoder().decode(Vector.self, from: Data(contentsOf: file))
        }
    }()

    /// The STUN messages that a reader accepts.
    static var readable: [Vector] { all.filter { $0.refused == nil && $0.channel == nil } }
    /// The ChannelData messages.
    static var channelData: [Vector] { all.filter { $0.channel != nil } }

    /// The vector of this name.
    static func named(_ name: String) throws -> Vector {
        try #require(all.first { $0.name == name })
    }
}

extension Vector: CustomTestStringConvertible {
    var testDescription: String { "\(name) (\(source): \(title))" }
}
