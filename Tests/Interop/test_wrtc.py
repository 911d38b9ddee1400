"""libwebrtc, the engine of Chrome and Safari, without a browser around it (the `wrtc` package)."""

from __future__ import annotations

import asyncio

import pytest
import webrtc

from server import TURNServer

WIDTH, HEIGHT = 320, 240
FRAMES = 20


@pytest.fixture(scope="module", autouse=True)
def loopback() -> None:
    """Must come before the first connection: libwebrtc skips loopback interfaces otherwise."""
    webrtc.allow_loopback()


async def paint(generator: webrtc.VideoTrackGenerator) -> None:
    """Feeds grey frames, each a little lighter, 30 a second, until cancelled."""
    writer = generator.writable.get_writer()
    for number in range(3000):
        pixels = bytes([number % 256]) * (WIDTH * HEIGHT * 3 // 2)
        init = webrtc.VideoFrameBufferInit(
            format="I420", coded_width=WIDTH, coded_height=HEIGHT, timestamp=number * 33_333
        )
        await writer.write(webrtc.VideoFrame(pixels, init))
        await asyncio.sleep(1 / 30)


async def statistics(connection: webrtc.RTCPeerConnection, type: str) -> list:
    return [each for each in (await connection.get_stats()).values() if each.type == type]


async def frames_decoded(connection: webrtc.RTCPeerConnection) -> int:
    return sum(each.frames_decoded or 0 for each in await statistics(connection, "inbound-rtp"))


async def selected_candidates(connection: webrtc.RTCPeerConnection) -> tuple:
    """The local and the remote candidate of the pair in use."""
    transport = (await statistics(connection, "transport"))[0]
    report = await connection.get_stats()
    pair = report[transport.selected_candidate_pair_id]
    return report[pair.local_candidate_id], report[pair.remote_candidate_id]


async def call(server: TURNServer, transport: str) -> None:
    configuration = webrtc.RTCConfiguration(
        ice_servers=[
            webrtc.RTCIceServer(
                urls=f"turn:{server.address[0]}:{server.port}?transport={transport}",
                username=server.user.username,
                credential=server.user.password,
            )
        ],
        ice_transport_policy="relay",
    )
    caller, callee = webrtc.RTCPeerConnection(configuration), webrtc.RTCPeerConnection(configuration)
    loop = asyncio.get_running_loop()
    echoed: asyncio.Future[str] = loop.create_future()
    tasks: set[asyncio.Task] = set()

    def trickle(other: webrtc.RTCPeerConnection):
        def on_candidate(event) -> None:
            if event.candidate is not None:
                tasks.add(asyncio.ensure_future(other.add_ice_candidate(event.candidate)))

        return on_candidate

    def on_channel(event) -> None:
        event.channel.on("message", lambda message: event.channel.send(message.data[::-1]))

    callee.on("datachannel", on_channel)
    channel = caller.create_data_channel("chat")
    channel.on("open", lambda event: channel.send("culvert"))
    channel.on("message", lambda message: echoed.set_result(message.data))
    generator = webrtc.VideoTrackGenerator()
    caller.add_track(generator.track)
    painter = asyncio.ensure_future(paint(generator))
    try:
        async with asyncio.timeout(60):
            offer = await caller.create_offer()
            await callee.set_remote_description(offer)
            answer = await callee.create_answer()
            caller.on("icecandidate", trickle(callee))
            callee.on("icecandidate", trickle(caller))
            await caller.set_local_description(offer)
            await callee.set_local_description(answer)
            await caller.set_remote_description(answer)
            assert await echoed == "trevluc"
            while await frames_decoded(callee) < FRAMES:
                await asyncio.sleep(0.1)
        for connection in (caller, callee):
            local, remote = await selected_candidates(connection)
            assert local.candidate_type == "relay" and remote.candidate_type in ("relay", "prflx")
            assert local.relay_protocol == transport
    finally:
        painter.cancel()
        caller.close()
        callee.close()
        await asyncio.gather(*tasks, painter, return_exceptions=True)


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_video_and_data_through_the_relay(transport: str, static_server: TURNServer) -> None:
    asyncio.run(call(static_server, transport))
