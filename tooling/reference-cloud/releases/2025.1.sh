# 2025.1 (April 2025), as Debian 13 packages it. Runs in a chroot with a network namespace of its own.
SUITE=trixie
CHROOT=1

WSGI_KEYSTONE=keystone.wsgi.api:application
WSGI_PLACEMENT=placement.wsgi.api:application
WSGI_GLANCE=/usr/bin/glance-wsgi-api
WSGI_NOVA=nova.wsgi.osapi_compute:application
WSGI_NEUTRON=neutron.wsgi.api:application
WSGI_CINDER=cinder.wsgi.api:application
WSGI_OCTAVIA=/usr/bin/octavia-wsgi

NEUTRON_WORKERS="rpc-server periodic-workers"

# The plain FakeDriver makes nova-compute refuse its second start.
NOVA_COMPUTE_DRIVER=fake.FakeDriverWithoutFakeNodes

TIME_FACTOR=3
