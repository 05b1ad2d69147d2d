// The pages. Standard, because only that plan takes a function app as its /api.
param location string
param tags object
param prefix string

resource site 'Microsoft.Web/staticSites@2024-11-01' = {
  name: '${prefix}-web'
  location: location
  tags: union(tags, { 'azd-service-name': 'web' })
  sku: { name: 'Standard', tier: 'Standard' }
  properties: {
    // Previews of pull requests would talk to the real API: there are none.
    stagingEnvironmentPolicy: 'Disabled'
    // staticwebapp.config.json is part of the pages, and the pipeline restricts it to Front Door.
    allowConfigFileUpdates: true
  }
}

output name string = site.name
output host string = site.properties.defaultHostname
