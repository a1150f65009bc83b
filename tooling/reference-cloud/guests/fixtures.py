"""Makes what the cloud needs to use the guest host: zone, flavors, volume types, networks with DHCP, a router.

Writes the cloud description file of the zone: the reference cloud's own, with the flavors and networks of the guests.
"""
import json
import os
import subprocess
import sys
import time

import openstack

STATE, GUESTS = os.environ['STATE'], os.environ['GUESTS']
HOST = ZONE = 'guests'
# name: RAM in MiB, root disk in GiB, ephemeral disk in GiB
FLAVORS = {'g1.tiny': (192, 1, 0), 'g1.ephemeral': (192, 1, 2), 'g1.nodisk': (192, 0, 0), 'g1.big': (192, 3, 0)}
NETWORKS = {
    'guest-net': [('10.60.0.0/22', '10.60.0.1')],
    'guest-net-2': [('10.61.0.0/22', '10.61.0.1')],
    'guest-net-dual': [('10.62.0.0/22', '10.62.0.1'), ('fd00:62::/64', 'fd00:62::1')],
}


def connect(name):
    conf = openstack.config.OpenStackConfig(config_files=[STATE + '/clouds.yaml'])
    return openstack.connection.Connection(config=conf.get_one(cloud=name))


def wait(what, ok, limit=180):
    end = time.time() + limit
    while True:
        try:
            if ok():
                return
        except openstack.exceptions.HttpException as error:
            print('while waiting for %s: %s' % (what, error), flush=True)
        if time.time() > end:
            sys.exit('gave up waiting for %s' % what)
        time.sleep(1)


def compute_host(adm):
    def registered():
        return any((h.service_details or {}).get('host') == HOST for h in adm.compute.hypervisors(details=True))
    wait('nova-compute', lambda: any(s.host == HOST and s.state == 'up' for s in adm.compute.services()))
    if not registered():
        subprocess.run(os.environ['DISCOVER'], shell=True, check=True, timeout=180)
    wait('the hypervisor', registered)
    aggregates = {a.name: a for a in adm.compute.aggregates()}
    aggregate = aggregates.get(ZONE) or adm.compute.create_aggregate(name=ZONE, availability_zone=ZONE)
    if HOST not in (aggregate.hosts or []):
        adm.compute.add_host_to_aggregate(aggregate, HOST)
    adm.compute.set_aggregate_metadata(aggregate, {'trait:CUSTOM_GUESTS': 'required'})


def flavors(adm):
    have = {f.name: f for f in adm.compute.flavors()}
    for name, (ram, disk, ephemeral) in FLAVORS.items():
        if name not in have:
            have[name] = adm.compute.create_flavor(name=name, ram=ram, vcpus=1, disk=disk, ephemeral=ephemeral)
            adm.compute.create_flavor_extra_specs(have[name], {'trait:CUSTOM_GUESTS': 'required'})
    return {name: {'id': have[name].id, 'ram': ram, 'disk': disk, 'ephemeral': ephemeral, 'vcpus': 1}
            for name, (ram, disk, ephemeral) in FLAVORS.items()}


def volume_types(adm):
    """Two types on the host's backend, so that a disk can change its type without moving."""
    have = {t.name: t for t in adm.block_storage.types()}
    for name in ('guest-standard', 'guest-fast'):
        if name not in have:
            have[name] = adm.block_storage.create_type(name=name, extra_specs={'volume_backend_name': 'guests'})
    wait('cinder-volume', lambda: any(s['host'] == 'guests@guests' and s['state'] == 'up'
                                      for s in adm.block_storage.get('/os-services').json()['services']))
    return {name: have[name].id for name in ('guest-standard', 'guest-fast')}


def networks(adm, usr):
    def agent(kind):
        return next((a for a in adm.network.agents() if a.host == HOST and a.agent_type == kind and a.is_alive), None)
    for kind in ('Linux bridge agent', 'DHCP agent', 'Metadata agent', 'L3 agent'):
        wait(kind, lambda: agent(kind))
    made = {}
    for name, subnets in NETWORKS.items():
        network = usr.network.find_network(name) or usr.network.create_network(name=name)
        made[name] = {'id': network.id, 'subnets': {}}
        for cidr, gateway in subnets:
            version = 6 if ':' in cidr else 4
            label = '%s-subnet-v%d' % (name, version)
            subnet = usr.network.find_subnet(label) or usr.network.create_subnet(
                name=label, network_id=network.id, ip_version=version, cidr=cidr, gateway_ip=gateway,
                dns_nameservers=['192.0.2.53'] if version == 4 else [])
            made[name]['subnets'][label] = {'id': subnet.id, 'cidr': cidr, 'gateway': gateway}
        dhcp = agent('DHCP agent')
        if not any(n.id == network.id for n in adm.network.dhcp_agent_hosting_networks(dhcp)):
            adm.network.add_dhcp_agent_to_network(dhcp, network)
    router = usr.network.find_router('guest-router') or usr.network.create_router(
        name='guest-router', external_gateway_info={'network_id': usr.network.find_network('public').id})
    joined = {f['subnet_id'] for p in usr.network.ports(device_id=router.id) for f in p.fixed_ips}
    for network in made.values():
        for subnet in network['subnets'].values():
            if subnet['id'] not in joined:
                usr.network.add_interface_to_router(router, subnet_id=subnet['id'])
    l3 = agent('L3 agent')
    if not any(r.id == router.id for r in adm.network.agent_hosted_routers(l3)):
        adm.network.add_router_to_agent(l3, router)
    return made, {'id': router.id, 'name': 'guest-router'}


def main():
    adm, usr = connect('admin'), connect('bosh')
    compute_host(adm)
    with open(STATE + '/fixtures.json') as f:
        description = json.load(f)
    description['flavors'].update(flavors(adm))
    description['volume_types'].update(volume_types(adm))
    made, router = networks(adm, usr)
    description['networks'].update(made)
    description['guests'] = {'zone': ZONE, 'router': router}
    # what suites written for the other hosts ask for, and what comes nearest to it here
    description['stand_ins'] = {'m1.tiny': 'g1.tiny', 'm1.small': 'g1.tiny', 'm1.nodisk': 'g1.nodisk', 'nova': ZONE}
    description['availability_zones']['compute'][ZONE] = [HOST]
    description['availability_zones']['volume'] = sorted({*description['availability_zones']['volume'], ZONE})
    with open(GUESTS + '/fixtures.json', 'w') as f:
        json.dump(description, f, indent=2, sort_keys=True)
        f.write('\n')


main()
