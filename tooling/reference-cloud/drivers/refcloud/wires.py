"""An ML2 mechanism driver that binds every port on every host.

Nothing is plugged in anywhere: a port that gets a host is bound as an Open vSwitch
port and is ACTIVE immediately, a router's ports get a host as soon as they exist, and a
floating IP is ACTIVE when it has a port.
"""
from neutron_lib.api.definitions import portbindings
from neutron_lib.callbacks import events
from neutron_lib.callbacks import registry
from neutron_lib.callbacks import resources
from neutron_lib import constants
from neutron_lib import context as n_context
from neutron_lib.plugins import constants as plugin_constants
from neutron_lib.plugins import directory
from neutron_lib.plugins.ml2 import api
from oslo_log import log as logging

LOG = logging.getLogger(__name__)
ROUTER_PORTS = (constants.DEVICE_OWNER_ROUTER_INTF,
                constants.DEVICE_OWNER_ROUTER_GW)


class BindAllDriver(api.MechanismDriver):

    def initialize(self):
        registry.subscribe(self._floatingip, resources.FLOATING_IP,
                           events.AFTER_CREATE)
        registry.subscribe(self._floatingip, resources.FLOATING_IP,
                           events.AFTER_UPDATE)
        registry.subscribe(self._router_port, resources.ROUTER_INTERFACE,
                           events.AFTER_CREATE)
        registry.subscribe(self._router_port, resources.ROUTER_GATEWAY,
                           events.AFTER_CREATE)

    @property
    def connectivity(self):
        return portbindings.CONNECTIVITY_L2

    def bind_port(self, context):
        for segment in context.segments_to_bind:
            context.set_binding(
                segment[api.ID], portbindings.VIF_TYPE_OVS,
                {portbindings.CAP_PORT_FILTER: True,
                 portbindings.OVS_HYBRID_PLUG: False},
                status=constants.PORT_STATUS_ACTIVE)
            return

    def _router_port(self, resource, event, trigger, payload=None):
        """A router lives on a host: give that host to its ports."""
        try:
            router = payload.resource_id
            plugin = directory.get_plugin()
            ctx = n_context.get_admin_context()
            for port in plugin.get_ports(ctx, {'device_id': [router]}):
                if (port['device_owner'] in ROUTER_PORTS and
                        port['status'] != constants.PORT_STATUS_ACTIVE):
                    plugin.update_port(ctx, port['id'], {'port': {
                        portbindings.HOST_ID: 'network-node'}})
        except Exception:
            LOG.exception('ports of a router not bound')

    def _floatingip(self, resource, event, trigger, payload=None):
        try:
            plugin = directory.get_plugin(plugin_constants.L3)
            ctx = n_context.get_admin_context()
            fip = plugin.get_floatingip(ctx, payload.resource_id)
            status = (constants.FLOATINGIP_STATUS_ACTIVE if fip['port_id']
                      else constants.FLOATINGIP_STATUS_DOWN)
            if fip['status'] != status:
                plugin.update_floatingip_status(ctx, fip['id'], status)
        except Exception:
            LOG.exception('status of floating IP %s not set',
                          getattr(payload, 'resource_id', None))
