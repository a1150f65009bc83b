set -e
cp -R bin dist package.json LICENSE NOTICES sbom.cdx.json "${BOSH_INSTALL_TARGET}/"
