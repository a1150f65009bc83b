import { type AskOptions, table } from '../scenario.ts'
import { unknownId } from './unknown.ts'

const as = 'nobody'
const v = (version: string): AskOptions => ({ version })

const requests = table('compute', 'requests', [
  ['versions', 'GET //', undefined, { as }],
  ['version', 'GET //v2.1/', undefined, { as }],
  ['no token', 'GET /servers', undefined, { as }],
  ['bad token', 'GET /servers', undefined, { as: 'stranger' }],
  ['unknown collection', 'GET /nosuchthing'],
  ['wrong method', 'PUT /servers', {}],
  ['version too new', 'GET /servers', undefined, v('2.999')],
  ['version too old', 'GET /servers', undefined, v('1.0')],
  ['no version', 'GET /servers', undefined, v('x')],
  ['latest', 'GET /servers?name=none', undefined, v('latest')],
  ['the old header', 'GET /servers?name=none', undefined, { headers: { 'x-openstack-nova-api-version': '2.53' } }],
  ['of another service', 'GET /servers?name=none', undefined, { headers: { 'openstack-api-version': 'volume 3.70' } }],
  ['flavors', 'GET /flavors'],
  ['flavors in detail', 'GET /flavors/detail'],
  ['flavors in detail, 2.61', 'GET /flavors/detail', undefined, v('2.61')],
  ['flavor', 'GET /flavors/11'],
  ['flavor, 2.55', 'GET /flavors/11', undefined, v('2.55')],
  ['unknown flavor', 'GET /flavors/nope'],
  ['flavor extra specs', 'GET /flavors/1/os-extra_specs'],
  ['unknown extra spec', 'GET /flavors/1/os-extra_specs/nope'],
  ['flavors by RAM', 'GET /flavors?minRam=2048'],
  ['flavors, RAM no number', 'GET /flavors?minRam=x'],
  ['flavors, two', 'GET /flavors?limit=2'],
  ['flavors, marker', 'GET /flavors?limit=2&marker=2'],
  ['flavors, unknown marker', 'GET /flavors?marker=nope'],
  ['flavors, limit no number', 'GET /flavors?limit=x'],
  ['flavors, sorted', 'GET /flavors?sort_key=memory_mb&sort_dir=desc'],
  ['flavors, bad sort', 'GET /flavors?sort_key=nope'],
  ['flavor created by a tenant', 'POST /flavors', { flavor: { name: 'x', ram: 1, vcpus: 1, disk: 1 } }],
  ['zones', 'GET /os-availability-zone'],
  ['zones in detail by a tenant', 'GET /os-availability-zone/detail'],
  ['limits', 'GET /limits'],
  ['limits, 2.57', 'GET /limits', undefined, v('2.57')],
  ['hypervisors by a tenant', 'GET /os-hypervisors'],
  ['services by a tenant', 'GET /os-services'],
  ['aggregates by a tenant', 'GET /os-aggregates'],
  ['extension', 'GET /extensions/os-volumes'],
  ['unknown extension', 'GET /extensions/nope'],
])

const notFound = table('compute', 'not found', [
  ['server', `GET /servers/${unknownId}`],
  ['server, no uuid', 'GET /servers/notauuid'],
  ['delete', `DELETE /servers/${unknownId}`],
  ['rename', `PUT /servers/${unknownId}`, { server: { name: 'x' } }],
  ['reboot', `POST /servers/${unknownId}/action`, { reboot: { type: 'SOFT' } }],
  ['metadata', `GET /servers/${unknownId}/metadata`],
  ['set metadata', `POST /servers/${unknownId}/metadata`, { metadata: { a: 'b' } }],
  ['volumes', `GET /servers/${unknownId}/os-volume_attachments`],
  ['interfaces', `GET /servers/${unknownId}/os-interface`],
  ['tags', `GET /servers/${unknownId}/tags`, undefined, v('2.26')],
  ['tags before 2.26', `GET /servers/${unknownId}/tags`],
  ['actions log', `GET /servers/${unknownId}/os-instance-actions`],
  ['key', 'GET /os-keypairs/nope'],
  ['delete key', 'DELETE /os-keypairs/nope'],
  ['group', `GET /os-server-groups/${unknownId}`],
  ['delete group', `DELETE /os-server-groups/${unknownId}`],
])

const lists = table('compute', 'list parameters', [
  ['limit no number', 'GET /servers?limit=x'],
  ['limit negative', 'GET /servers?limit=-1'],
  ['limit 0', 'GET /servers?limit=0'],
  ['unknown marker', `GET /servers?marker=${unknownId}`],
  ['bad sort key', 'GET /servers?sort_key=nope'],
  ['bad direction', 'GET /servers?sort_key=created_at&sort_dir=up'],
  ['unknown filter', 'GET /servers?nosuch=1&name=none'],
  ['unknown status', 'GET /servers?status=NOPE'],
  ['bad time', 'GET /servers?changes-since=x'],
  ['bad pattern', 'GET /servers?name=%5B'],
  ['foreign ones by a tenant', 'GET /servers?all_tenants=1'],
  ['by image', `GET /servers?image=${unknownId}`],
  ['detail, none', 'GET /servers/detail?name=nothing-has-this-name'],
])

/** Requests to Nova that need nothing to exist, and change nothing. */
export const computeRequests = [requests, notFound, lists]
