import type { Call } from '../../kernel/call.ts'
import type { CollectionDefinition } from '../../kernel/collection.ts'
import { defineLifecycle } from '../../kernel/lifecycle.ts'
import type { World } from '../../kernel/world.ts'
import { deletePort } from '../network/port-keeping.ts'
import {
  type ChildRecord,
  children,
  healthMonitors,
  type ListenerRecord,
  type LoadBalancerRecord,
  listeners,
  loadBalancers,
  members,
  type PoolRecord,
  type ProvisioningStatus,
  pools,
} from './records.ts'
import { immutable } from './refusals.ts'

type AnyChild = CollectionDefinition<ChildRecord, 'loadBalancer'>

/** Every change of a load balancer or of what belongs to it goes PENDING and settles for all at once. */
const settle = (world: World, id: string, outcome: 'ACTIVE' | 'ERROR'): void => {
  for (const definition of children as readonly unknown[] as readonly AnyChild[]) {
    const all = world.store.of(definition)
    for (const child of all.where({ loadBalancer: id })) {
      if (!child.provisioning_status.startsWith('PENDING')) continue
      if (child.provisioning_status === 'PENDING_DELETE' && outcome === 'ACTIVE') all.delete(child.id)
      else
        all.update(child.id, {
          provisioning_status: outcome,
          updated_at: world.clock.now(),
          ...monitored(world, child),
        })
    }
  }
}

/** Members are watched only where the pool has a health monitor; nobody answers its probes here. */
const monitored = (world: World, child: ChildRecord): Partial<ChildRecord> => {
  const pool = world.store.of(members).get(child.id)?.pool_id
  if (pool === undefined) return {}
  return { operating_status: world.store.of(healthMonitors).count('pool', pool) > 0 ? 'OFFLINE' : 'NO_MONITOR' }
}

const done = (record: LoadBalancerRecord, world: World, outcome: 'ACTIVE' | 'ERROR'): Partial<LoadBalancerRecord> => {
  settle(world, record.id, outcome)
  return { provisioning_status: outcome, updated_at: world.clock.now() }
}

export const createLoadBalancer = defineLifecycle({
  name: 'loadbalancers.create',
  collection: loadBalancers,
  steps: [{ name: 'active', afterMs: 1700, apply: (record, { world }) => done(record, world, 'ACTIVE') }],
  fail: (record, _, { world }) => done(record, world, 'ERROR'),
})

export const updateLoadBalancer = defineLifecycle({
  name: 'loadbalancers.update',
  collection: loadBalancers,
  steps: [{ name: 'active', afterMs: 200, apply: (record, { world }) => done(record, world, 'ACTIVE') }],
  fail: (record, _, { world }) => done(record, world, 'ERROR'),
})

export const deleteLoadBalancer = defineLifecycle({
  name: 'loadbalancers.delete',
  collection: loadBalancers,
  steps: [
    {
      name: 'gone',
      afterMs: 600,
      apply: (record, { world }) => {
        for (const definition of children as readonly unknown[] as readonly AnyChild[]) {
          const all = world.store.of(definition)
          for (const child of all.where({ loadBalancer: record.id })) all.delete(child.id)
        }
        if (record.ownsVipPort) deletePort(world, record.vip_port_id)
        world.store.of(loadBalancers).delete(record.id)
        return undefined
      },
    },
  ],
  fail: (record, _, { world }) => done(record, world, 'ERROR'),
})

/**
 * Begins a change of something that belongs to a load balancer: refused unless everything above it is at rest. Then
 * all of that is pending until the change is through. `blame` is what the refusal names.
 */
export const beginChange = (
  call: Call,
  place: { loadBalancerId: string; listenerIds?: readonly string[]; poolId?: string },
  blame: { what: string; id: string },
): void => {
  const { store, world } = { store: call.store, world: call.world }
  const loadBalancer = store.of(loadBalancers).get(place.loadBalancerId)
  if (loadBalancer?.provisioning_status !== 'ACTIVE') throw immutable(call, loadBalancer, blame)
  const pending: { provisioning_status: ProvisioningStatus } = { provisioning_status: 'PENDING_UPDATE' }
  store.of(loadBalancers).update(loadBalancer.id, pending)
  for (const id of place.listenerIds ?? []) if (store.of(listeners).has(id)) store.of(listeners).update(id, pending)
  if (place.poolId !== undefined && store.of(pools).has(place.poolId)) store.of(pools).update(place.poolId, pending)
  world.lifecycle.start(updateLoadBalancer, loadBalancer.id)
}

/** A change of a listener or of what hangs on it. */
export const beginListenerChange = (call: Call, listener: ListenerRecord): void =>
  beginChange(
    call,
    { loadBalancerId: listener.load_balancer_id, listenerIds: [listener.id] },
    { what: 'Load Balancer', id: listener.load_balancer_id },
  )

/** A change of a pool; changes of its members and of its monitor blame the pool. */
export const beginPoolChange = (call: Call, pool: PoolRecord, blamed: 'Load Balancer' | 'Pool'): void =>
  beginChange(
    call,
    { loadBalancerId: pool.load_balancer_id, listenerIds: listenersOf(call, pool.id), poolId: pool.id },
    blamed === 'Pool' ? { what: 'Pool', id: pool.id } : { what: blamed, id: pool.load_balancer_id },
  )

/** Listeners whose default pool it is. */
export const listenersOf = (call: Call, poolId: string): string[] =>
  call.store
    .of(listeners)
    .where({ defaultPool: poolId })
    .map((listener) => listener.id)
