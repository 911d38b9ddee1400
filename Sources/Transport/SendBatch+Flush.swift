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
                guard unsafe !entries[Int(index)].dontFragment else {
                    transmit(0..<armed, on: chain.descriptor)
                    armed = 0
                    _ = arm(0, with: index, from: receives)
                    transmitUnfragmented(Int(index), on: chain.descriptor)
                    index = chains.next(after: index)
                    continue
                }
                index = arm(armed, with: index, from: receives)
                armed += 1
            }
            transmit(0..<armed, on: chain.descriptor)
        }
        removeAll()
    }

    /// Fills a message header for an entry, and for those behind it that can leave in the same call to the network card as
    /// one train (UDP_SEGMENT): same destination, same source, same size. Returns the entry behind them.
    private mutating func arm(_ place: Int, with first: UInt32, from receives: borrowing ReceiveBatch) -> UInt32 {
        let message = unsafe messages + place
        // Each entry has one vector, and trains lie one behind the other, so an entry's chain order gives its vector.
        let train = place == 0 ? 0 : vectorEnd(of: place - 1)
        var end = train
        var index = first
        var total = 0
        repeat {
            unsafe vectors[end] = vector(of: Int(index), from: receives)
            total += unsafe vectors[end].iov_len
            end += 1
            index = chains.next(after: index)
        } while index != SocketChains.none && joins(index, trainOf: first, train..<end, byteCount: total)

        unsafe message.pointee.header.msg_name = UnsafeMutableRawPointer(entries + Int(first))
        unsafe message.pointee.header.msg_namelen = entries[Int(first)].destination.length
        unsafe message.pointee.header.msg_iov = vectors + train
        unsafe message.pointee.header.msg_iovlen = end - train
        armControl(place, source: unsafe entries[Int(first)].source)
        if end - train > 1 {
            unsafe clinux_put_segment_size(
                &message.pointee.header, controls + place * Int(clinux_control_size),
                UInt16(truncatingIfNeeded: vectors[train].iov_len))
        }
        return index
    }

    private func vectorEnd(of place: Int) -> Int {
        unsafe (messages[place].header.msg_iov - vectors) + messages[place].header.msg_iovlen
    }

    private func vector(of index: Int, from receives: borrowing ReceiveBatch) -> iovec {
        switch unsafe entries[index].payload {
        case .received(let slice):
            unsafe iovec(iov_base: receives.base(of: slice), iov_len: Int(slice.byteCount))
        case .copied(let offset, let byteCount):
            unsafe iovec(iov_base: copies + offset, iov_len: byteCount)
        }
    }

    /// Whether an entry may follow in the train that begins with `first`. Only the last of a train may be shorter.
    private func joins(_ index: UInt32, trainOf first: UInt32, _ train: Range<Int>, byteCount: Int) -> Bool {
        let size = unsafe vectors[train.lowerBound].iov_len
        let own = unsafe entries + Int(index)
        let ownSize = unsafe own.pointee.payload.byteCount
        guard unsafe vectors[train.upperBound - 1].iov_len == size, size <= longestSegment, ownSize > 0,
            ownSize <= size,
            train.count < Self.segmentsPerTrain, byteCount + ownSize <= Self.bytesPerTrain
        else { return false }
        let head = unsafe entries + Int(first)
        return unsafe !head.pointee.dontFragment && !own.pointee.dontFragment
            && own.pointee.destination == head.pointee.destination && own.pointee.source == head.pointee.source
    }

    /// What every kernel since UDP_SEGMENT takes: 64 segments, and the longest UDP payload of either family.
    private static var segmentsPerTrain: Int { 64 }
    private static var bytesPerTrain: Int { 65_487 }

    /// Gives a message its source address, or none.
    private func armControl(_ place: Int, source: IPAddress?) {
        let message = unsafe messages + place
        unsafe message.pointee.header.msg_control = nil
        unsafe message.pointee.header.msg_controllen = 0
        guard let source else { return }
        let control = unsafe controls + place * Int(clinux_control_size)
        switch source.family {
        case .ipv4:
            unsafe clinux_put_source_v4(&message.pointee.header, control, source.v4Bits.bigEndian)
        case .ipv6:
            unsafe clinux_put_source_v6(
                &message.pointee.header, control, source.high.bigEndian, source.low.bigEndian)
        }
    }

    /// Sends a range of messages, each of them once.
    private mutating func transmit(_ places: Range<Int>, on descriptor: CInt) {
        var next = places.lowerBound
        var isRepeated = false
        while next < places.upperBound {
            counters.calls += 1
            let count = places.upperBound - next
            let result =
                count == 1 && isPlain(next)
                ? transmitPlain(next, on: descriptor)
                : unsafe clinux_sendmmsg(descriptor, messages + next, UInt32(count), 0)
            if result > 0 {
                // Fewer than asked: the next call begins with the message that failed and tells why.
                for place in next..<next + Int(result) { counters.sent += UInt64(datagramCount(of: place)) }
                next += Int(result)
                isRepeated = false
                continue
            }
            switch errno {
            case EINTR:
                continue
            case EAGAIN, ENOBUFS:
                for place in next..<places.upperBound { counters.droppedFull += UInt64(datagramCount(of: place)) }
                return
            case _ where asksTwice && !isRepeated:
                // It may be what came back for an earlier datagram, to whomever that went. Asked again the socket sends.
                isRepeated = true
            case let code:
                refuse(next, code, on: descriptor)
                next += 1
                isRepeated = false
            }
        }
    }

    /// Whether a message is one datagram that leaves from wherever the socket is.
    private func isPlain(_ place: Int) -> Bool {
        unsafe messages[place].header.msg_iovlen == 1 && messages[place].header.msg_controllen == 0
    }

    /// Sends a plain message, and returns what `sendmmsg` would. It takes less: there are no message headers to be read by
    /// the kernel, and among many sessions most sockets have one datagram in a turn.
    private func transmitPlain(_ place: Int, on descriptor: CInt) -> CInt {
        let header = unsafe messages[place].header
        let address = unsafe header.msg_name.assumingMemoryBound(to: sockaddr.self)
        let sent = unsafe sendto(
            descriptor, header.msg_iov.pointee.iov_base, header.msg_iov.pointee.iov_len, 0, address, header.msg_namelen)
        return sent < 0 ? -1 : 1
    }

    private func datagramCount(of place: Int) -> Int { unsafe messages[place].header.msg_iovlen }

    /// Counts a message that the kernel refused. A train is sent once more in single datagrams: it may be that the way out
    /// cannot cut trains, or not into segments as long as these, which is remembered.
    private mutating func refuse(_ place: Int, _ code: CInt, on descriptor: CInt) {
        let count = datagramCount(of: place)
        guard count > 1 else {
            counters.refused += 1
            counters.lastRefusal = code
            return
        }
        let train = unsafe messages[place].header
        switch code {
        case EIO: longestSegment = 0
        case EINVAL, EMSGSIZE: longestSegment = unsafe min(longestSegment, train.msg_iov.pointee.iov_len - 1)
        default: break
        }
        let first = unsafe train.msg_name.assumingMemoryBound(to: Entry.self)
        armControl(place, source: unsafe first.pointee.source)
        for segment in 0..<count {
            unsafe messages[place].header.msg_iov = train.msg_iov + segment
            unsafe messages[place].header.msg_iovlen = 1
            transmit(place..<place + 1, on: descriptor)
        }
    }

    /// Sends the first message, which is of entry `index`, with DF set for it alone.
    private mutating func transmitUnfragmented(_ index: Int, on descriptor: CInt) {
        let socket = UDPSocket(descriptor: descriptor)
        let family: IPAddress.Family = unsafe entries[index].destination.isIPv6 ? .ipv6 : .ipv4
        do throws(SystemError) {
            try socket.setDontFragment(true, family: family)
            transmit(0..<1, on: descriptor)
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
