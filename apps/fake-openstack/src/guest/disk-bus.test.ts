import { expect, test } from 'vitest'
import { boot, connect, type DiskBus, disconnectOthers, type GuestState, neverBooted } from './disk-bus.ts'

const names = ({ disks }: GuestState) => Object.fromEntries(disks.map(({ key, letters }) => [key, letters]))
const started = (bus: DiskBus, ...keys: string[]) => boot(neverBooted, { bus, keys, places: 'renewed' })

test('a virtio disk that is connected takes the first free place and name', () => {
  const both = connect(connect(started('virtio', 'root'), 'A', true), 'B', true)
  expect(names(both)).toEqual({ root: 'a', A: 'b', B: 'c' })
  const again = connect(disconnectOthers(both, ['root', 'B']), 'A', true)
  expect(names(again)).toEqual({ root: 'a', B: 'c', A: 'b' })
})

test('after a reboot virtio disks are named by their place, not by the order in which they came', () => {
  const both = connect(connect(started('virtio', 'root'), 'A', true), 'B', true)
  const rebooted = boot(both, { bus: 'virtio', keys: ['root', 'B'], places: 'kept' })
  expect(names(rebooted)).toEqual({ root: 'a', B: 'b' })
  const again = connect(rebooted, 'A', true)
  expect(names(again)).toEqual({ root: 'a', B: 'b', A: 'c' })
  expect(names(boot(again, { bus: 'virtio', keys: ['root', 'B', 'A'], places: 'kept' }))).toEqual({
    root: 'a',
    A: 'b',
    B: 'c',
  })
})

test('a machine that is defined again has its disks in the order of its definition', () => {
  const both = connect(connect(started('virtio', 'root'), 'A', true), 'B', true)
  const without = boot(both, { bus: 'virtio', keys: ['root', 'B'], places: 'renewed' })
  const again = boot(connect(without, 'A', true), { bus: 'virtio', keys: ['root', 'B', 'A'], places: 'renewed' })
  expect(names(again)).toEqual({ root: 'a', B: 'b', A: 'c' })
})

test('a disk that is connected while the guest is off has no name before the next boot', () => {
  const off = connect(started('virtio', 'root'), 'A', false)
  expect(names(off)).toEqual({ root: 'a', A: null })
  expect(names(boot(off, { bus: 'virtio', keys: ['root', 'A'], places: 'kept' }))).toEqual({ root: 'a', A: 'b' })
})

test('SCSI disks change their names with each boot', () => {
  const first = started('scsi', 'root', 'ephemeral', 'A')
  expect(names(first)).toEqual({ root: 'b', ephemeral: 'c', A: 'a' })
  const second = boot(first, { bus: 'scsi', keys: ['root', 'ephemeral', 'A'], places: 'kept' })
  expect(names(second)).toEqual({ root: 'c', ephemeral: 'a', A: 'b' })
})
