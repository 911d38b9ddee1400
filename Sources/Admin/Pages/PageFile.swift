import CPages

/// A file of the web pages, which is part of the program.
struct PageFile: Sendable {
    /// As in Sources/CPages/Web.
    let name: String
    let bytes: [UInt8]

    /// All of them.
    static let all: [PageFile] = (0..<cpages_count()).compactMap { index in
        guard let file = unsafe cpages_file(index)?.pointee else { return nil }
        return unsafe PageFile(
            name: String(cString: file.name),
            bytes: Array(UnsafeBufferPointer(start: file.bytes, count: file.length)))
    }

    /// The media type, which follows from the end of the name.
    var type: String {
        switch name.split(separator: ".").last {
        case "html": "text/html; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case "js": "text/javascript; charset=utf-8"
        case "svg": "image/svg+xml"
        default: "application/octet-stream"
        }
    }
}
