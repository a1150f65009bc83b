import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { named, withDriverOnFake } from '../../test/driver-on-fake.ts'
import { stemcellImage, tar } from '../../test/stemcell-archive.ts'
import { givenStemcell, newImages, onUpload, rootImage } from '../../test/stemcell-on-fake.ts'

test('§3.5 an upload that is told to come back in an hour fails within rate_limit_timeout, and leaves nothing', () =>
  withDriverOnFake(async (driver) => {
    const match = { service: 'image', operation: 'images.upload' }
    const later = { status: 504, headers: { 'retry-after': '3600' } }
    driver.cloud.faults.add({ match, times: null, do: { respond: later } })
    const startMs = driver.cloud.clock.now()
    await expect(givenStemcell(driver)).rejects.toThrow(/asks to wait for 3600 s.*rate_limit_timeout/)
    expect(driver.cloud.clock.now() - startMs).toBeLessThan(600_000)
    expect(newImages(driver)).toEqual([])
  }))

describe('§7.2 bad archives leave nothing', () => {
  test.each([
    ['without root.img', () => tar([{ name: 'other' }, 'x']).then((bytes) => gzipSync(bytes)), /Root image is missing/],
    ['that is a bare image', async () => Buffer.from('QFI\xfb', 'latin1'), /bare qcow2 image/],
    ['that is empty, without image_id', async () => Buffer.alloc(0), /is empty/],
  ])('one %s is refused before an image is made', async (_, make, message) => {
    const archive = await make()
    await withDriverOnFake(async (driver) => {
      const requests = await driver.requestsOf(() =>
        expect(givenStemcell(driver, { archive })).rejects.toThrow(message),
      )
      expect(named(requests)).not.toContain('image images.create')
    })
  })

  test.each([
    ['cut off', async () => (await stemcellImage(rootImage)).subarray(0, -20)],
    [
      'with root.img twice',
      async () => gzipSync(await tar([{ name: 'root.img' }, rootImage], [{ name: './root.img' }, 'x'])),
    ],
  ])('of one %s the image is removed, and nobody tries again', async (_, make) => {
    const archive = await make()
    await withDriverOnFake(async (driver) => {
      const requests = await driver.requestsOf(() =>
        expect(givenStemcell(driver, { archive })).rejects.toMatchObject({
          code: 'CloudError',
          message: expect.stringMatching(/[Ss]temcell/),
        }),
      )
      expect(named(requests).filter((name) => name === 'image images.create')).toHaveLength(1)
      expect(newImages(driver)).toEqual([])
    })
  })
})

describe('§7.2 a failed upload is removed and started over once', () => {
  test.each([
    ['an error of the service', onUpload({ respond: { status: 503 } })],
    ['a broken connection', onUpload({ reset: true })],
    ['an image that ends up killed', onUpload({ state: { to: 'killed' } })],
  ])('after %s', (_, fault) =>
    withDriverOnFake(async (driver) => {
      driver.cloud.faults.add(fault)
      const cid = await givenStemcell(driver)
      expect(newImages(driver)).toMatchObject([{ id: cid, status: 'active' }])
      driver.cloud.faults.assertAllHit()
    }),
  )

  test('an image with other bytes than sent is none of ours', () =>
    withDriverOnFake(async (driver) => {
      for (const operation of ['images.show', 'images.update']) {
        driver.cloud.faults.add({
          match: { service: 'image', operation },
          times: null,
          do: { respond: { status: 200, body: { id: 'x', status: 'active', size: 7 } } },
        })
      }
      await expect(givenStemcell(driver)).rejects.toThrow(/has 7 of 300000 bytes after the upload/)
      expect(newImages(driver)).toEqual([])
    }))

  test("two failures: the error has the cloud's message, nothing is left", () =>
    withDriverOnFake(async (driver) => {
      driver.cloud.faults.add(onUpload({ respond: { status: 500 } }, { times: null }))
      const requests = await driver.requestsOf(() =>
        expect(givenStemcell(driver)).rejects.toMatchObject({
          code: 'CloudError',
          message: expect.stringMatching(/500/),
        }),
      )
      expect(named(requests).filter((name) => name === 'image images.upload')).toHaveLength(2)
      expect(newImages(driver)).toEqual([])
    }))

  test.each([
    ['forbidden', 403],
    ['too large for the store', 413],
  ])('but not when it is %s', (_, status) =>
    withDriverOnFake(async (driver) => {
      driver.cloud.faults.add(onUpload({ respond: { status } }, { times: null }))
      const requests = await driver.requestsOf(() => expect(givenStemcell(driver)).rejects.toThrow(`${status}`))
      expect(named(requests).filter((name) => name === 'image images.upload')).toHaveLength(1)
      expect(newImages(driver)).toEqual([])
    }),
  )

  test('nor while the first image could not be removed: the operator is told which', () =>
    withDriverOnFake(async (driver) => {
      driver.cloud.faults.add(onUpload({ respond: { status: 500 } }))
      driver.cloud.faults.add({
        match: { service: 'image', operation: 'images.delete' },
        times: null,
        do: { respond: { status: 403 } },
      })
      const creation = givenStemcell(driver)
      await expect(creation).rejects.toThrow(/these objects may be left/)
      const [image, ...others] = newImages(driver)
      expect(others).toEqual([])
      await expect(creation).rejects.toThrow(`image ${String(image?.['id'])}`)
    }))
})

test('§3.5 no duplicate when the creation gets no response', () =>
  withDriverOnFake(async (driver) => {
    driver.cloud.faults.add({
      match: { service: 'image', operation: 'images.create' },
      when: 'after',
      do: { reset: true },
    })
    const cid = await givenStemcell(driver)
    expect(newImages(driver)).toMatchObject([{ id: cid, status: 'active' }])
    driver.cloud.faults.assertAllHit()
  }))

describe('waits', () => {
  const stuck = onUpload({ state: { to: 'saving' } }, { times: null })

  test('§3.6 an image that never gets active is removed when the time is up', () =>
    withDriverOnFake(async (driver) => {
      driver.cloud.faults.add(stuck)
      await expect(givenStemcell(driver)).rejects.toThrow(/Timed out waiting for Image.*active.*state_timeout/s)
      expect(newImages(driver)).toEqual([])
    }))

  test('§7.2 an image that gets active late keeps its mark until then', () =>
    withDriverOnFake(async (driver) => {
      driver.cloud.faults.add({
        match: { service: 'image', operation: 'images.update' },
        do: { respond: { status: 200, body: { id: 'x', status: 'saving', size: null } } },
      })
      const requests = await driver.requestsOf(() => givenStemcell(driver))
      expect(named(requests).slice(3)).toEqual([
        'image images.update',
        'image images.update',
        'image images.show',
        'image images.update',
      ])
      expect(requests[4]?.request).toMatchObject([{ value: [expect.stringMatching(/^bosh-upload-/)] }])
      expect(newImages(driver)).toMatchObject([{ status: 'active', tags: [] }])
    }))

  test('§7.2 an interrupted call removes its image', () =>
    withDriverOnFake(async (driver) => {
      driver.cloud.faults.add(stuck)
      await expect(givenStemcell(driver, { endsWhileWaiting: true })).rejects.toThrow()
      expect(newImages(driver)).toEqual([])
    }))
})
