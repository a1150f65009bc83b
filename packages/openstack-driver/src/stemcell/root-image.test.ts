import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { CpiError } from '@openstack-cpi/cpi-core'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fuzzRuns } from '../../test/fuzz-runs.ts'
import { tar } from '../../test/stemcell-archive.ts'
import { openRootImage } from './root-image.ts'

let dir = ''
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'root-image-'))
})
afterAll(() => rm(dir, { recursive: true }))

const rootImage = (content: Buffer | string) => tar([{ name: 'root.img' }, content])

let files = 0
async function save(content: Buffer): Promise<string> {
  const path = join(dir, `image-${files++}`)
  await writeFile(path, content)
  return path
}

const never = () => new AbortController().signal

async function readAll(path: string, signal = never()): Promise<Buffer> {
  const image = await openRootImage(path, signal)
  const chunks: Buffer[] = []
  try {
    for await (const chunk of image.data) chunks.push(chunk)
  } finally {
    await image.close()
  }
  const bytes = Buffer.concat(chunks)
  expect(bytes.byteLength).toBe(image.sizeBytes)
  return bytes
}

/** How many bytes came out, and what was thrown at the end. */
async function readUntilFailure(path: string): Promise<{ bytes: number; sizeBytes: number; error: unknown }> {
  const image = await openRootImage(path, never())
  let bytes = 0
  try {
    for await (const chunk of image.data) bytes += chunk.byteLength
    return { bytes, sizeBytes: image.sizeBytes, error: undefined }
  } catch (error) {
    return { bytes, sizeBytes: image.sizeBytes, error }
  } finally {
    await image.close()
  }
}

describe('§7.2, contract §9 the root image of a stemcell archive', () => {
  test('comes out byte for byte, whatever its size', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 900_000 }),
        fc.constantFrom('root.img', './root.img'),
        async (size, name) => {
          const content = randomBytes(size)
          const path = await save(gzipSync(await tar([{ name }, content])))
          expect((await readAll(path)).equals(content)).toBe(true)
        },
      ),
      { numRuns: fuzzRuns(30) },
    )
  })

  test('is found among other files, and links and other paths are not it', async () => {
    const path = await save(
      gzipSync(
        await tar(
          [{ name: 'readme.txt' }, 'no image'],
          [{ name: 'root.img', type: 'symlink', linkname: '/etc/shadow' }],
          [{ name: 'root.img', type: 'link', linkname: 'readme.txt' }],
          [{ name: 'root.img', type: 'directory' }],
          [{ name: '../root.img' }, 'outside'],
          [{ name: '/root.img' }, 'absolute'],
          [{ name: 'sub/root.img' }, 'below'],
          [{ name: './root.img' }, 'the image'],
          [{ name: 'later.txt' }, 'ignored'],
        ),
      ),
    )
    expect((await readAll(path)).toString()).toBe('the image')
  })

  test('has a name from a pax header, too', async () => {
    const path = await save(gzipSync(await tar([{ name: 'root.img', pax: { comment: 'ä'.repeat(300) } }, 'with pax'])))
    expect((await readAll(path)).toString()).toBe('with pax')
  })

  test('its size is known before it is read', async () => {
    const image = await openRootImage(await save(gzipSync(await rootImage(Buffer.alloc(70_000)))), never())
    expect(image.sizeBytes).toBe(70_000)
    await image.close()
  })
})

describe('§7.2 unusable archives are refused before anything is made in the cloud', () => {
  const cases: readonly (readonly [string, () => Promise<Buffer>, RegExp])[] = [
    [
      'no root.img',
      async () => gzipSync(await tar([{ name: 'other.img' }, 'x'])),
      /Root image is missing from stemcell/,
    ],
    ['an empty archive', async () => gzipSync(await tar()), /Root image is missing/],
    ['only a link', async () => gzipSync(await tar([{ name: 'root.img', type: 'symlink', linkname: 'x' }])), /missing/],
    ['an empty file', async () => Buffer.alloc(0), /is empty, and the cloud properties name no "image_id"/],
    ['a bare qcow2 image', async () => Buffer.from('QFI\xfb and more', 'latin1'), /bare qcow2 image/],
    [
      'a bare raw image',
      async () => Buffer.alloc(4096),
      /^Extracting stemcell root image failed: .*not a gzip-compressed tar/,
    ],
    ['a tar that is not compressed', () => rootImage('x'), /not a gzip-compressed tar archive/],
    [
      'a compressed image without tar',
      async () => gzipSync(randomBytes(4096)),
      /damaged or cut off.*Invalid tar header/,
    ],
    ['an empty root.img', () => rootImage('').then((bytes) => gzipSync(bytes)), /root\.img is empty/],
  ]
  test.each(cases)('%s', async (_, make, message) => {
    const opening = openRootImage(await save(await make()), never())
    await expect(opening).rejects.toThrow(message)
    await expect(opening).rejects.toMatchObject({ name: 'CpiError', code: 'CloudError' })
  })

  test('a file that is not there', async () => {
    await expect(openRootImage(join(dir, 'absent'), never())).rejects.toThrow(
      /^Extracting stemcell root image failed: .*absent cannot be read: ENOENT/,
    )
  })

  test('GNU sparse files, in all their forms: their bytes are not the image', async () => {
    const oldGnu = await rootImage('x')
    oldGnu[156] = 'S'.charCodeAt(0)
    fixChecksum(oldGnu)
    const forms = [
      oldGnu,
      await tar([{ name: 'root.img', pax: { 'GNU.sparse.map': '0,1', 'GNU.sparse.size': '512' } }, 'x']),
      await tar([
        { name: 'GNUSparseFile.7/root.img', pax: { 'GNU.sparse.major': '1', 'GNU.sparse.name': 'root.img' } },
        'x',
      ]),
    ]
    for (const form of forms) {
      await expect(openRootImage(await save(gzipSync(form)), never())).rejects.toThrow(/stored as a GNU sparse file/)
    }
  })

  test('a header that claims an impossible size', async () => {
    const huge = await rootImage('x')
    Buffer.from([0x80, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]).copy(huge, 124)
    fixChecksum(huge)
    await expect(openRootImage(await save(gzipSync(huge)), never())).rejects.toThrow(/impossible size/)
  })

  test('an extended header larger than any sane one', async () => {
    const header = await tar([{ name: 'root.img', pax: { comment: 'x' } }, 'x'])
    header.write('00100000000\0', 124) // 16 MiB in octal
    fixChecksum(header)
    await expect(openRootImage(await save(gzipSync(header)), never())).rejects.toThrow(/Header exceeds max size/)
  })
})

test.each([0, 6])('§7.2 what is sent can be released, whatever was packed how (level %i)', async (level) => {
  const content = randomBytes(3_000_000)
  const image = await openRootImage(await save(gzipSync(await rootImage(content), { level })), never())
  const seen = createHash('sha256')
  const buffers = new Set<ArrayBufferLike>()
  for await (const piece of image.data) {
    seen.update(piece)
    buffers.add(piece.buffer)
    image.release(piece)
    // One is being filled, one is being read, one is held back until the archive has proved whole.
    expect([...buffers].filter(({ byteLength }) => byteLength > 0).length).toBeLessThanOrEqual(3)
  }
  expect(seen.digest('hex')).toBe(createHash('sha256').update(content).digest('hex'))
  expect(buffers.size).toBeGreaterThan(10)
})

describe('§7.2 a broken archive never becomes a complete upload', () => {
  // Larger than what is unpacked at a time: the damage shows only while the image is on its way.
  const content = randomBytes(1_000_000)

  test('twice root.img', async () => {
    const path = await save(gzipSync(await tar([{ name: 'root.img' }, content], [{ name: './root.img' }, content])))
    const { bytes, sizeBytes, error } = await readUntilFailure(path)
    expect(bytes).toBeLessThan(sizeBytes)
    expect(error).toMatchObject({ code: 'CloudError', message: expect.stringMatching(/holds "root\.img" twice/) })
  })

  test('a size that is larger than the archive', async () => {
    const archive = await rootImage(content)
    archive.write('00010000000\0', 124) // 2 MiB in octal
    fixChecksum(archive)
    const { bytes, sizeBytes, error } = await readUntilFailure(await save(gzipSync(archive)))
    expect(bytes).toBeLessThan(sizeBytes)
    expect(error).toMatchObject({
      code: 'CloudError',
      message: expect.stringMatching(/^Extracting stemcell root image failed: .*damaged or cut off/),
    })
  })

  test('damage that only the checksum at the very end shows', async () => {
    const archive = gzipSync(await rootImage(content))
    archive.writeUInt32LE((archive.readUInt32LE(archive.length - 8) + 1) >>> 0, archive.length - 8)
    const { bytes, sizeBytes, error } = await readUntilFailure(await save(archive))
    expect(bytes).toBeLessThan(sizeBytes)
    expect(error).toMatchObject({ code: 'CloudError', message: expect.stringMatching(/incorrect data check/) })
  })

  test('cut off or with a flipped byte anywhere: refused, or the true bytes', async () => {
    const whole = gzipSync(await rootImage(content), { level: 0 })
    const path = await save(whole)
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 10, max: whole.length - 1 }),
        fc.constantFrom('cut', 'flip'),
        async (at, damage) => {
          const damaged = Buffer.from(damage === 'cut' ? whole.subarray(0, at) : whole)
          if (damage === 'flip') damaged[at] = (damaged[at] ?? 0) ^ 0x40
          await writeFile(path, damaged)
          const outcome = await readUntilFailure(path).catch((error: unknown) => ({ bytes: 0, sizeBytes: 1, error }))
          // Some bits of a gzip mean nothing, such as the padding of a block's header: the checksum then still holds.
          if (outcome.error === undefined) {
            expect(outcome.bytes).toBe(outcome.sizeBytes)
          } else {
            expect(outcome.error).toBeInstanceOf(CpiError)
            expect(outcome.bytes).toBeLessThan(outcome.sizeBytes)
          }
        },
      ),
      { numRuns: fuzzRuns(60) },
    )
  })

  test('random bytes with a gzip header', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), async (noise) => {
        const path = await save(Buffer.concat([Buffer.from([0x1f, 0x8b]), noise]))
        await expect(openRootImage(path, never())).rejects.toBeInstanceOf(CpiError)
      }),
      { numRuns: fuzzRuns(30) },
    )
  })
})

test('the end of the call ends the reading', async () => {
  const ending = new AbortController()
  const image = await openRootImage(await save(gzipSync(await rootImage(randomBytes(400_000)))), ending.signal)
  const reading = image.data[Symbol.asyncIterator]()
  await reading.next()
  ending.abort(new Error('interrupted'))
  await expect(
    (async () => {
      for (let next = await reading.next(); next.done !== true; next = await reading.next());
    })(),
  ).rejects.toThrow('interrupted')
})

test('contract §6.2 the archive is left as it was', async () => {
  const archive = gzipSync(await rootImage('x'))
  const path = await save(archive)
  await readAll(path)
  expect((await readFile(path)).equals(archive)).toBe(true)
})

/** Makes a changed tar header valid again. */
function fixChecksum(archive: Buffer): void {
  archive.fill(' ', 148, 156)
  const sum = archive.subarray(0, 512).reduce((total, byte) => total + byte, 0)
  archive.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
}
