"""aiortc: a WebRTC stack in Python, on top of aioice: DTLS, SCTP and SRTP through the relay."""

from __future__ import annotations

import asyncio

import pytest
from aiortc import RTCConfiguration, RTCIceServer, RTCPeerConnection
from aiortc.mediastreams import VideoStreamTrack
from aiortc.rtcconfiguration import RTCIceTransportPolicy

from server import TURNServer

FRAMES = 15


async def call(server: TURNServer, transport: str) -> None:
    turn = RTCIceServer(
        urls=f"turn:{server.address[0]}:{server.port}?transport={transport}",
        username=server.user.username,
        credential=server.user.password,
    )
    configuration = RTCConfiguration(iceServers=[turn], iceTransportPolicy=RTCIceTransportPolicy.RELAY)
    caller, callee = RTCPeerConnection(configuration), RTCPeerConnection(configuration)
    echoed: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    seen: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @callee.on("datachannel")
    def on_channel(channel) -> None:
        channel.on("message", lambda text: channel.send(text[::-1]))

    @callee.on("track")
    async def on_track(track) -> None:
        for _ in range(FRAMES):
            await track.recv()
        seen.set_result(None)

    channel = caller.createDataChannel("chat")
    channel.on("open", lambda: channel.send("culvert"))
    channel.on("message", echoed.set_result)
    caller.addTrack(VideoStreamTrack())
    try:
        async with asyncio.timeout(60):
            await caller.setLocalDescription(await caller.createOffer())
            await callee.setRemoteDescription(caller.localDescription)
            await callee.setLocalDescription(await callee.createAnswer())
            await caller.setRemoteDescription(callee.localDescription)
            assert await echoed == "trevluc"
            await seen
        for description in (caller.localDescription.sdp, callee.localDescription.sdp):
            candidates = [line for line in description.splitlines() if line.startswith("a=candidate:")]
            assert candidates and all(" typ relay " in line for line in candidates), candidates
    finally:
        await asyncio.gather(caller.close(), callee.close())


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_video_and_data_through_the_relay(transport: str, static_server: TURNServer) -> None:
    asyncio.run(call(static_server, transport))
