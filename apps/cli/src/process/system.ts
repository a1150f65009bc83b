import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import type { Clock } from '@openstack-cpi/cpi-core'
import type { OpenStackCpiOptions } from '@openstack-cpi/openstack-driver'

/** What the driver may know of the machine and the process, in its own terms. */
export const systemOptions = ({
  monotonicMs,
}: Pick<Clock, 'monotonicMs'>): Pick<OpenStackCpiOptions, 'clock' | 'random' | 'tmpDir' | 'environment'> => ({
  clock: {
    nowMs: () => Date.now(),
    monotonicMs,
    sleep: async (ms, signal) => {
      try {
        await delay(ms, undefined, { signal })
      } catch (error) {
        throw signal.aborted ? signal.reason : error // the timer wraps the reason in an error of its own
      }
    },
  },
  random: { uuid: () => randomUUID(), fraction: () => Math.random() },
  tmpDir: tmpdir(),
  environment: process.env,
})
