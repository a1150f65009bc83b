import { createDispatcher } from '@openstack-cpi/cpi-core'
import { InMemoryCpi } from '@openstack-cpi/cpi-core/in-memory-cpi'

const dispatcher = createDispatcher({
  info: { apiVersion: 3, stemcellFormats: ['example-raw'] },
  createCpi: (call) => {
    call.log.debug(`configuration of this call: ${Object.keys(call.configOverrides).join(', ')}`)
    return new InMemoryCpi() // your driver
  },
  sink: (line) => process.stderr.write(`${line}\n`), // default: no log
})

const request = {
  method: 'create_disk',
  arguments: [1024, {}, null],
  context: { director_uuid: 'd0e5', request_id: 'cpi-258561' },
  api_version: 2,
}
const answer = await dispatcher.dispatch(new TextEncoder().encode(JSON.stringify(request)))
process.stdout.write(answer) // {"result":"disk-1","error":null,"log":""}
