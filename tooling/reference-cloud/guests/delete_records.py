"""delete_records.py servers: deletes the servers and volumes of the host "guests", while it is up.

delete_records.py host: deletes what fixtures.py made, and the host from the lists, once its daemons are stopped.
"""
import os
import sys
import time

import openstack

HOST = ZONE = 'guests'
STATE = os.environ['STATE']


def connect(name):
    conf = openstack.config.OpenStackConfig(config_files=[STATE + '/clouds.yaml'])
    return openstack.connection.Connection(config=conf.get_one(cloud=name))


def servers_and_volumes(adm):
    for server in list(adm.compute.servers(all_projects=True, host=HOST)):
        adm.compute.delete_server(server, force=True)
    end = time.time() + 120
    while list(adm.compute.servers(all_projects=True, host=HOST)) and time.time() < end:
        time.sleep(1)
    volumes = [v for v in adm.block_storage.volumes(all_projects=True) if v.availability_zone == ZONE]
    for snapshot in adm.block_storage.snapshots(all_projects=True):
        if snapshot.volume_id in [v.id for v in volumes]:
            adm.block_storage.delete_snapshot(snapshot)
    for volume in volumes:
        adm.block_storage.post('/volumes/%s/action' % volume.id, json={'os-force_delete': {}})
    while any(v.availability_zone == ZONE for v in adm.block_storage.volumes(all_projects=True)) and time.time() < end:
        time.sleep(1)


def networks(adm, usr):
    router = usr.network.find_router('guest-router')
    if router:
        usr.network.update_router(router, external_gateway_info={})
        for port in list(usr.network.ports(device_id=router.id)):
            usr.network.remove_interface_from_router(router, port_id=port.id)
        usr.network.delete_router(router)
    for network in [n for n in usr.network.networks() if n.name.startswith('guest-net')]:
        for port in list(adm.network.ports(network_id=network.id)):
            adm.network.delete_port(port, ignore_missing=True)
        usr.network.delete_network(network)
    for agent in [a for a in adm.network.agents() if a.host == HOST]:
        adm.network.delete_agent(agent)


def host(adm):
    for flavor in [f for f in adm.compute.flavors() if f.name.startswith('g1.')]:
        adm.compute.delete_flavor(flavor)
    for volume_type in [t for t in adm.block_storage.types() if t.name.startswith('guest-')]:
        adm.block_storage.delete_type(volume_type)
    for aggregate in [a for a in adm.compute.aggregates() if a.name == ZONE]:
        for member in aggregate.hosts or []:
            adm.compute.remove_host_from_aggregate(aggregate, member)
        adm.compute.delete_aggregate(aggregate)
    for service in [s for s in adm.compute.services() if s.host == HOST]:
        adm.compute.delete_service(service)


def main():
    adm, usr = connect('admin'), connect('bosh')
    if sys.argv[1] == 'servers':
        servers_and_volumes(adm)
    else:
        networks(adm, usr)
        host(adm)


main()
