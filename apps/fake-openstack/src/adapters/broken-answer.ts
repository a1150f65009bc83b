/** The error of a cut connection, as `fetch` reports it. */
export const connectionReset = (): TypeError =>
  new TypeError('fetch failed', { cause: Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }) })

/** The response with a body that breaks off after some bytes. */
export const cutShort = (response: Response, bytes: number): Response => {
  const reader = response.body?.getReader()
  let left = bytes
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const part = left > 0 ? await reader?.read() : undefined
      if (!part?.value) {
        controller.error(connectionReset())
        return
      }
      controller.enqueue(part.value.subarray(0, left))
      left -= part.value.byteLength
    },
  })
  return new Response(body, { status: response.status, statusText: response.statusText, headers: response.headers })
}
