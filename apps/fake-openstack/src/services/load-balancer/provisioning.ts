import type { Call } from '../../kernel/call.ts'
import type { CloudContext } from '../../kernel/cloud-context.ts'
import type { CollectionDefinition } from '../../kernel/collection.ts'
import { defineLifecycle } from '../../kernel/lifecycle.ts'
import { deletePort } from '../network/port-operations.ts'
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

/** Every change of a load balancer or of what belongs to it goes PENDING and settles for all at the same time. */
const settle = (context: CloudContext, id: string, outcome: 'ACTIVE' | 'ERROR'): void => {
  for (const definition of children as readonly unknown[] as readonly AnyChild[]) {
    const all = context.store.of(definition)
    for (const child of all.where({ loadBalancer: id })) {
      if (!child.provisioning_status.startsWith('PENDING')) continue
      if (child.provisioning_status === 'PENDING_DELETE' && outcome === 'ACTIVE') all.delete(child.id)
      else
        all.update(child.id, {
          provisioning_status: outcome,
          updated_at: context.clock.now(),
          ...monitored(context, child),
        })
    }
  }
}

/** Members are watched only where the pool has a health monitor; its probes get no answer here. */
const monitored = (context: CloudContext, child: ChildRecord): Partial<ChildRecord> => {
  const pool = context.store.of(members).get(child.id)?.pool_id
  if (pool === undefined) return {}
  return { operating_status: context.store.of(healthMonitors).count('pool', pool) > 0 ? 'OFFLINE' : 'NO_MONITOR' }
}

const done = (
  record: LoadBalancerRecord,
  context: CloudContext,
  outcome: 'ACTIVE' | 'ERROR',
): Partial<LoadBalancerRecord> => {
  settle(context, record.id, outcome)
  return { provisioning_status: outcome, updated_at: context.clock.now() }
}

export const createLoadBalancer = defineLifecycle({
  name: 'loadbalancers.create',
  collection: loadBalancers,
  steps: [{ name: 'active', afterMs: 1700, apply: (record, { context }) => done(record, context, 'ACTIVE') }],
  fail: (record, _, { context }) => done(record, context, 'ERROR'),
})

export const updateLoadBalancer = defineLifecycle({
  name: 'loadbalancers.update',
  collection: loadBalancers,
  steps: [{ name: 'active', afterMs: 200, apply: (record, { context }) => done(record, context, 'ACTIVE') }],
  fail: (record, _, { context }) => done(record, context, 'ERROR'),
})

export const deleteLoadBalancer = defineLifecycle({
  name: 'loadbalancers.delete',
  collection: loadBalancers,
  steps: [
    {
      name: 'gone',
      afterMs: 600,
      apply: (record, { context }) => {
        for (const definition of children as readonly unknown[] as readonly AnyChild[]) {
          const all = context.store.of(definition)
          for (const child of all.where({ loadBalancer: record.id })) all.delete(child.id)
        }
        if (record.ownsVipPort) deletePort(context, record.vip_port_id)
        context.store.of(loadBalancers).delete(record.id)
        return undefined
      },
    },
  ],
  fail: (record, _, { context }) => done(record, context, 'ERROR'),
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
  const { store, context } = { store: call.store, context: call.context }
  const loadBalancer = store.of(loadBalancers).get(place.loadBalancerId)
  if (loadBalancer?.provisioning_status !== 'ACTIVE') throw immutable(call, loadBalancer, blame)
  const pending: { provisioning_status: ProvisioningStatus } = { provisioning_status: 'PENDING_UPDATE' }
  store.of(loadBalancers).update(loadBalancer.id, pending)
  for (const id of place.listenerIds ?? []) if (store.of(listeners).has(id)) store.of(listeners).update(id, pending)
  if (place.poolId !== undefined && store.of(pools).has(place.poolId)) store.of(pools).update(place.poolId, pending)
  context.lifecycle.start(updateLoadBalancer, loadBalancer.id)
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
