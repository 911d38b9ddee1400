import Addressing
import Configuration
import Logging
import Relay
import Testing

@Suite("What a server refuses to start with")
struct StartTests {
    private func start(_ configure: (inout ServerConfiguration) -> Void) throws {
        var configuration = try ServerConfiguration.loopback()
        configure(&configuration)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        try RelayServer(configuration, software: "", logger: logger).stop()
    }

    @Test("A listening-device that is not there is named, with what the system says of it")
    func device() throws {
        #expect(throws: Never.self) { try start { $0.listeningDevice = "lo" } }
        let error = #expect(throws: RelayServer.StartError.self) { try start { $0.listeningDevice = "nosuch0" } }
        #expect(error?.description.contains("SO_BINDTODEVICE") == true)
    }

    @Test("One external-ip for two relay addresses is refused: clients could not tell their ports apart")
    func ambiguousRelay() throws {
        let (own, seen) = ([IPAddress(v4: 0x7F00_0001), IPAddress(v4: 0x7F00_0002)], IPAddress(v4: 0x0808_0808))
        #expect(throws: RelayServer.StartError.self) {
            try start {
                $0.relayAddresses = own
                $0.externalAddresses = [ExternalAddress(public: seen)]
            }
        }
        #expect(throws: Never.self) {
            try start {
                // The same address twice is one address.
                $0.relayAddresses = [own[0], own[0]]
                $0.externalAddresses = [ExternalAddress(public: seen)]
            }
        }
    }
}
