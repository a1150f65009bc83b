"""port_forward.py PID PORT...: listens on the loopback of a network namespace, connects to the machine's loopback.

The namespace is the one of process PID. No route and no address joins the two: a connection is accepted in the one and
opened in the other by this process.
"""
import asyncio
import ctypes
import os
import socket
import sys

CLONE_NEWNET = 0x40000000
libc = ctypes.CDLL(None, use_errno=True)


def enter(namespace):
    if libc.setns(namespace, CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), 'setns')


def listen(port):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(('127.0.0.1', port))
    listener.listen(200)
    listener.setblocking(False)
    return listener


async def pump(reader, writer):
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
    except OSError:
        writer.close()


def forward_to(port):
    async def forward(reader, writer):
        try:
            far_reader, far_writer = await asyncio.open_connection('127.0.0.1', port)
        except OSError:
            writer.close()  # the service is down: the client sees a closed connection, as it would without us
            return
        await asyncio.gather(pump(reader, far_writer), pump(far_reader, writer))
        far_writer.close()
        writer.close()
    return forward


async def serve(listeners):
    servers = [await asyncio.start_server(forward_to(port), sock=listener) for port, listener in listeners]
    await asyncio.gather(*(server.serve_forever() for server in servers))


def main(pid, ports):
    home = os.open('/proc/self/ns/net', os.O_RDONLY)
    away = os.open('/proc/%s/ns/net' % pid, os.O_RDONLY)
    enter(away)
    listeners = [(port, listen(port)) for port in ports]
    enter(home)
    # an open file would keep the namespace alive after its last process
    os.close(away)
    os.close(home)
    asyncio.run(serve(listeners))


main(sys.argv[1], [int(port) for port in sys.argv[2:]])
