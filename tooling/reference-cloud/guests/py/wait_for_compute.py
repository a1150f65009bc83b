"""wait_for_compute.py SECONDS: waits until nova-compute of the host has told Nova anew that it lives.

Until then the scheduler may take a daemon that was started again for one that is down.
"""
import sys
import time
import os

import openstack

HOST = 'guests'


def main(limit):
    conf = openstack.config.OpenStackConfig(config_files=[os.environ['STATE'] + '/clouds.yaml'])
    compute = openstack.connection.Connection(config=conf.get_one(cloud='admin')).compute

    def heartbeat():
        (service,) = compute.get('/os-services?binary=nova-compute&host=' + HOST).json()['services']
        return service['updated_at']

    before, end = heartbeat(), time.time() + limit
    while heartbeat() == before:
        if time.time() > end:
            sys.exit('nova-compute of %s gives no sign of life' % HOST)
        time.sleep(1)


main(float(sys.argv[1]))
