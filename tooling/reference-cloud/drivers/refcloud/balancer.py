"""An Octavia network driver: real VIP ports in neutron, no amphorae to plug.

The API asks neutron about every network, subnet and port that a user names. The worker
also asks about the ports of amphorae; those do not exist, and it gets an invented answer.
"""
import os

from octavia.network import base
from octavia.network.drivers.neutron import allowed_address_pairs
from octavia.network.drivers.noop_driver import driver as noop

WORKER = os.environ.get('REFCLOUD_OCTAVIA') == 'worker'


class VipOnlyDriver(noop.NoopNetworkDriver):

    def __init__(self):
        super().__init__()
        self._real = allowed_address_pairs.AllowedAddressPairsDriver()

    def _ask(self, name, *args, **kwargs):
        try:
            return getattr(self._real, name)(*args, **kwargs)
        except (base.NetworkNotFound, base.SubnetNotFound, base.PortNotFound):
            if not WORKER:
                raise
            return getattr(super(), name)(*args)

    def _neutron(self):
        """The client of the real driver: newer releases use openstacksdk."""
        return getattr(self._real, 'network_proxy', None) or self._real.neutron_client

    def allocate_vip(self, load_balancer):
        return self._real.allocate_vip(load_balancer)

    def deallocate_vip(self, vip):
        try:
            self._neutron().delete_port(vip.port_id)
        except Exception as e:
            if getattr(e, 'status_code', None) != 404:
                raise

    def get_network(self, network_id, context=None):
        return self._ask('get_network', network_id, context=context)

    def get_subnet(self, subnet_id, context=None):
        return self._ask('get_subnet', subnet_id, context=context)

    def get_port(self, port_id, context=None):
        return self._ask('get_port', port_id, context=context)

    def get_security_group(self, sg_name):
        return self._real.get_security_group(sg_name)
