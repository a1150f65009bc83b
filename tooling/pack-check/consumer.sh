# What somebody types who has installed the packages: a cloud, its login as a configuration, CPI calls.
set -eu
openstack-cpi --version
env | sed -n "s/^\(OS_[A-Z_]*\)=\(.*\)/export \1='\2'/p" > openrc
openstack-cpi config --from-openrc openrc > cpi.json 2> notes
disk=$(openstack-cpi call create_disk 1024 '{}' --config cpi.json)
openstack-cpi call has_disk "$disk" --config cpi.json
openstack-cpi call delete_disk "$disk" --config cpi.json
echo '{"method":"info","arguments":[],"context":{"director_uuid":"x"}}' | openstack-cpi cpi.json
