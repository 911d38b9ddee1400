import Addressing
import CLinux
import Glibc

extension SendBatch {
    /// Sends everything, socket by socket, and forgets it. `receives` is the batch the slices were taken from.
    ///
    /// A datagram that the kernel refuses is counted and skipped; a socket whose buffer is full loses the rest of its
    /// datagrams, as UDP may.
    package mutating func flush(from receives: borrowing ReceiveBatch) {
        for place in 0..<chains.count {
            let chain = chains[place]
            var armed = 0
            var index = chain.first
            while index != SocketChains.none {
                let dontFragment = unsafe entries[Int(index)].dontFragment
                if dontFragment {
                    transmit(armed, on: chain.descriptor)
                    armed = 0
                }
                arm(armed, with: Int(index), from: receives)
                armed += 1
                if dontFragment {
                    transmitUnfragmented(Int(index), on: chain.descriptor)
                    armed = 0
                }
                index = chains.next(after: index)
            }
            transmit(armed, on: chain.descriptor)
        }
        removeAll()
    }

    /// Fills a message header for an entry. Runs of equal sizes to one destination would here become several vectors
    /// of one header, with a UDP_SEGMENT control message.
    private mutating func arm(_ place: Int, with index: Int, from receives: borrowing ReceiveBatch) {
        let message = unsafe messages + place
        switch unsafe entries[index].payload {
        case .received(let slice):
            unsafe vectors[place] = iovec(iov_base: receives.base(of: slice), iov_len: Int(slice.byteCount))
        case .copied(let offset, let byteCount):
            unsafe vectors[place] = iovec(iov_base: copies + offset, iov_len: byteCount)
        }
        unsafe message.pointee.header.msg_name = UnsafeMutableRawPointer(entries + index)
        unsafe message.pointee.header.msg_namelen = entries[index].destination.length
        unsafe message.pointee.header.msg_iov = vectors + place
        unsafe message.pointee.header.msg_iovlen = 1
        unsafe message.pointee.header.msg_control = nil
        unsafe message.pointee.header.msg_controllen = 0
        guard let source = unsafe entries[index].source else { return }
        let control = unsafe controls + place * Int(clinux_control_size)
        switch source.family {
        case .ipv4:
            unsafe clinux_put_source_v4(&message.pointee.header, control, source.v4Bits.bigEndian)
        case .ipv6:
            unsafe clinux_put_source_v6(
                &message.pointee.header, control, source.high.bigEndian, source.low.bigEndian)
        }
    }

    /// Sends the first `armed` messages.
    private mutating func transmit(_ armed: Int, on descriptor: CInt) {
        var done = 0
        while done < armed {
            counters.calls += 1
            let result = unsafe clinux_sendmmsg(descriptor, messages + done, UInt32(armed - done), 0)
            if result > 0 {
                // Fewer than asked: the next call begins with the message that failed and tells why.
                done += Int(result)
                counters.sent += UInt64(result)
                continue
            }
            switch errno {
            case EINTR:
                continue
            case EAGAIN, ENOBUFS:
                counters.droppedFull += UInt64(armed - done)
                return
            case let code:
                counters.refused += 1
                counters.lastRefusal = code
                done += 1
            }
        }
    }

    /// Sends the first message, which is of entry `index`, with DF set for it alone.
    private mutating func transmitUnfragmented(_ index: Int, on descriptor: CInt) {
        let socket = UDPSocket(descriptor: descriptor)
        let family: IPAddress.Family = unsafe entries[index].destination.isIPv6 ? .ipv6 : .ipv4
        do throws(SystemError) {
            try socket.setDontFragment(true, family: family)
            transmit(1, on: descriptor)
            try socket.setDontFragment(false, family: family)
        } catch {
            counters.refused += 1
            counters.lastRefusal = error.code
        }
    }

    /// The addresses of the first `count` vectors of the last call as numbers, by which a test sees that a slice was
    /// sent from where it was received.
    package func vectorAddresses(_ count: Int) -> [UInt] {
        (0..<min(count, capacity)).map { unsafe UInt(bitPattern: vectors[$0].iov_base) }
    }
}
