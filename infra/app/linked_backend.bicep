// The function app behind the pages' /api: one origin for the browser, so no CORS and no third-party
// cookies. Linking closes the app to everybody but the pages.
param siteName string
param functionAppId string
param region string

resource site 'Microsoft.Web/staticSites@2024-11-01' existing = { name: siteName }

resource backend 'Microsoft.Web/staticSites/linkedBackends@2024-11-01' = {
  parent: site
  name: 'functions'
  properties: { backendResourceId: functionAppId, region: region }
}
