set -e
mkdir -p "${BOSH_INSTALL_TARGET}/bin"
cp node "${BOSH_INSTALL_TARGET}/bin/node"
chmod 755 "${BOSH_INSTALL_TARGET}/bin/node"
cp LICENSE "${BOSH_INSTALL_TARGET}/"
