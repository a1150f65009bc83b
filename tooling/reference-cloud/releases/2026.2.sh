# 2026.2 (October 2026), as Debian sid packages it on the day: sid moves, so `up` prints the versions it runs on.
# Runs in a chroot with a network namespace of its own.
SUITE=sid
CHROOT=1

WSGI_KEYSTONE=keystone.wsgi.api:application
WSGI_PLACEMENT=placement.wsgi.api:application
WSGI_GLANCE=glance.wsgi.api:application
WSGI_NOVA=nova.wsgi.osapi_compute:application
WSGI_NEUTRON=neutron.wsgi.api:application
WSGI_CINDER=cinder.wsgi.api:application
WSGI_OCTAVIA=octavia.wsgi.api:application

NEUTRON_WORKERS="rpc-server periodic-workers"

NOVA_COMPUTE_DRIVER=fake.FakeDriverWithoutFakeNodes

TIME_FACTOR=3
