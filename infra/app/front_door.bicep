// The edge: one name for the world, the firewall in front of it, and only its own requests reach the
// pages (infra/delivery/restrict_site.py writes its id into the pages' configuration).
param tags object
param prefix string
@allowed(['Standard_AzureFrontDoor', 'Premium_AzureFrontDoor'])
param sku string
param siteHost string
param wafPolicyId string
@description('For example rent.example.com; empty: Front Door\'s own name.')
param customDomain string
param workspaceId string

resource profile 'Microsoft.Cdn/profiles@2025-06-01' = {
  name: '${prefix}-edge'
  location: 'global'
  tags: tags
  sku: { name: sku }
  // Longer than the 45 s which the pages give their /api.
  properties: { originResponseTimeoutSeconds: 60 }

  resource endpoint 'afdEndpoints' = {
    name: prefix
    location: 'global'
    tags: tags
    properties: { enabledState: 'Enabled' }
  }

  resource origins 'originGroups' = {
    name: 'pages'
    properties: {
      loadBalancingSettings: {
        sampleSize: 4
        successfulSamplesRequired: 3
        additionalLatencyInMilliseconds: 50
      }
      // No health probe: there is one origin, so a probe could only be traffic.
    }

    resource pages 'origins' = {
      name: 'static-web-app'
      properties: {
        hostName: siteHost
        originHostHeader: siteHost // Static Web Apps answers to its own name only
        httpsPort: 443
        enabledState: 'Enabled'
        enforceCertificateNameCheck: true
      }
    }
  }

  resource domain 'customDomains' = if (!empty(customDomain)) {
    name: replace(empty(customDomain) ? 'none' : customDomain, '.', '-')
    properties: {
      hostName: customDomain
      azureDnsZone: { id: zone.id }
      tlsSettings: { certificateType: 'ManagedCertificate', minimumTlsVersion: 'TLS12' }
    }
  }
}

// No caching at the edge: the pages have hashed assets with a year of browser cache, and everything
// else says no-cache.
resource route 'Microsoft.Cdn/profiles/afdEndpoints/routes@2025-06-01' = {
  parent: profile::endpoint
  name: 'everything'
  properties: {
    customDomains: empty(customDomain) ? [] : [{ id: profile::domain.id }]
    originGroup: { id: profile::origins.id }
    patternsToMatch: ['/*']
    supportedProtocols: ['Http', 'Https']
    httpsRedirect: 'Enabled'
    forwardingProtocol: 'HttpsOnly'
    linkToDefaultDomain: 'Enabled'
    enabledState: 'Enabled'
  }
  dependsOn: [profile::origins::pages]
}

resource firewall 'Microsoft.Cdn/profiles/securityPolicies@2025-06-01' = {
  parent: profile
  name: 'firewall'
  properties: {
    parameters: {
      type: 'WebApplicationFirewall'
      wafPolicy: { id: wafPolicyId }
      associations: [
        {
          domains: concat(
            [{ id: profile::endpoint.id }],
            empty(customDomain) ? [] : [{ id: profile::domain.id }]
          )
          patternsToMatch: ['/*']
        }
      ]
    }
  }
}

resource zone 'Microsoft.Network/dnsZones@2018-05-01' = if (!empty(customDomain)) {
  name: empty(customDomain) ? 'none.example' : customDomain
  location: 'global'
  tags: tags
}

// The zone is the domain itself, so it points by alias: a CNAME may not stand at an apex.
resource apex 'Microsoft.Network/dnsZones/A@2018-05-01' = if (!empty(customDomain)) {
  parent: zone
  name: '@'
  properties: { TTL: 3600, targetResource: { id: profile::endpoint.id } }
}

resource validation 'Microsoft.Network/dnsZones/TXT@2018-05-01' = if (!empty(customDomain)) {
  parent: zone
  name: '_dnsauth'
  properties: {
    TTL: 3600
    TXTRecords: [{ value: [profile::domain!.properties.validationProperties.validationToken] }]
  }
}

resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: profile
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    // What was blocked. Access logs hold addresses of renters, and stay out.
    logs: [{ category: 'FrontDoorWebApplicationFirewallLog', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

output id string = profile.properties.frontDoorId
output host string = empty(customDomain) ? profile::endpoint.properties.hostName : customDomain
