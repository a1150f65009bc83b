set -e
cp -R bin dist info.json package.json LICENSE NOTICES sbom.cdx.json "${BOSH_INSTALL_TARGET}/"
