import { defineConfig } from 'vitest/config'

/** Test files that may run side by side; groups follow each other. */
const group = (name: string, order: number, files: readonly string[]) => ({
  extends: true as const,
  test: { name, include: files.map((file) => `suite/${file}.test.ts`), sequence: { groupOrder: order } },
})

export default defineConfig({
  test: {
    projects: [
      group('config drives are CD-ROMs', 0, ['first-boot', 'disks', 'reboots', 'killed-calls']),
      group('config drives are disks', 1, ['disk-hints-virtio', 'disk-hints-scsi']),
      group('afterwards', 2, ['nothing-left']),
    ],
    globalSetup: ['./root-disks.config.ts'],
    // Guests run without KVM: each keeps a core busy while it boots.
    maxWorkers: 2,
    testTimeout: 3_600_000,
    hookTimeout: 900_000,
    reporters: ['default'],
  },
})
