import type { Call } from '../../kernel/call.ts'
import { healthMonitors, type LoadBalancerRecord, listeners, members, type PoolRecord, pools } from './records.ts'

/** The load balancer with everything below it, each with its two states. */
export const statusTree = (call: Call, loadBalancer: LoadBalancerRecord): Record<string, unknown> => ({
  ...statesOf(loadBalancer),
  listeners: call.store
    .of(listeners)
    .where({ loadBalancer: loadBalancer.id })
    .map((listener) => {
      const pool = listener.default_pool_id === null ? undefined : call.store.of(pools).get(listener.default_pool_id)
      return { ...statesOf(listener), pools: pool ? [poolStates(call, pool)] : [] }
    }),
})

const poolStates = (call: Call, pool: PoolRecord): Record<string, unknown> => {
  const monitor = call.store.of(healthMonitors).find({ pool: pool.id })
  return {
    ...statesOf(pool),
    ...(monitor ? { health_monitor: { ...statesOf(monitor), type: monitor.type } } : {}),
    members: call.store
      .of(members)
      .where({ pool: pool.id })
      .map((member) => ({ ...statesOf(member), address: member.address, protocol_port: member.protocol_port })),
  }
}

const statesOf = (record: {
  id: string
  name: string
  operating_status: string
  provisioning_status: string
}): Record<string, unknown> => ({
  id: record.id,
  name: record.name,
  operating_status: record.operating_status,
  provisioning_status: record.provisioning_status,
})
