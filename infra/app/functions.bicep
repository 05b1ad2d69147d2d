// The function app on Flex Consumption: HTTP functions scale as one group, every queue function on
// its own. Whatever the code reads is set here; tests/architecture/test_infrastructure.py compares
// this list with shared/settings.py, both ways.
param location string
param tags object
param name string
param subnetId string
@minValue(40)
@maxValue(1000)
param maximumInstances int
@allowed([512, 2048, 4096])
param memoryMB int
param alwaysReady array

param identities object
param packagesUrl string
param hostStorageName string
param queueServiceUri string
param blobServiceUri string
param databaseHost string
param databasePort int
param databaseName string
param keyVaultUrl string
param appConfigurationEndpoint string
param insightsConnectionString string
param workspaceId string

param publicBaseUrl string
param oidcIssuer string
param oidcAudience string
param oidcWebClientId string
param oidcWebScope string
@description('Stripe\'s publishable key: browsers get it, so it is no secret.')
param stripePublishableKey string
param smtpHost string
param smtpUsername string
param emailFrom string

// A token is the password, so none stands here. `require` encrypts; the address is the network's own.
var database = '@${databaseHost}:${databasePort}/${databaseName}?sslmode=require'

resource plan 'Microsoft.Web/serverfarms@2024-11-01' = {
  name: '${name}-plan'
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true }
}

resource app 'Microsoft.Web/sites@2024-11-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'api' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identities.hostId}': {}
      '${identities.rentId}': {}
      '${identities.paymentId}': {}
      '${identities.emailId}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identities.hostId
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    siteConfig: {
      minTlsVersion: '1.2'
      ftpsState: 'Disabled'
      http20Enabled: true
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: packagesUrl
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identities.hostId
          }
        }
      }
      runtime: { name: 'python', version: '3.13' }
      scaleAndConcurrency: {
        instanceMemoryMB: memoryMB
        maximumInstanceCount: maximumInstances
        alwaysReady: alwaysReady
        // Python's own default is one request an instance. The code is async and waits for the
        // database most of the time; a pool of five connections serves sixteen requests.
        triggers: { http: { perInstanceConcurrency: 16 } }
      }
      // New instances answer before old ones stop; a change must therefore work beside the version
      // before it (docs/operations/deploy.md). Preview, so not yet in the type.
      #disable-next-line BCP037
      siteUpdateStrategy: { type: 'RollingUpdate' }
    }
  }

  resource settings 'config' = {
    name: 'appsettings'
    properties: {
      // The host's own account and the queues': an identity each time, never a key. The scale
      // controller reads __credential and __clientId too; without them it does not scale.
      AzureWebJobsStorage__accountName: hostStorageName
      AzureWebJobsStorage__credential: 'managedidentity'
      AzureWebJobsStorage__clientId: identities.hostClientId
      RentalQueue__queueServiceUri: queueServiceUri
      RentalQueue__credential: 'managedidentity'
      RentalQueue__clientId: identities.hostClientId
      AZURE_CLIENT_ID: identities.hostClientId
      BLOB_SERVICE_URI: blobServiceUri

      DATABASE_AUTH: 'entra'
      DATABASE_URL_RENT: 'postgresql://rent${database}'
      DATABASE_URL_PAYMENT: 'postgresql://payment${database}'
      DATABASE_URL_EMAIL: 'postgresql://email${database}'
      DATABASE_CLIENT_ID_RENT: identities.rentClientId
      DATABASE_CLIENT_ID_PAYMENT: identities.paymentClientId
      DATABASE_CLIENT_ID_EMAIL: identities.emailClientId

      KEY_VAULT_URL: keyVaultUrl
      SECRET_CACHE_SECONDS: '300'
      APP_CONFIGURATION_ENDPOINT: appConfigurationEndpoint
      FEATURE_REFRESH_SECONDS: '10'

      TELEMETRY_BACKEND: 'opencensus' // with 'opentelemetry', set telemetryMode in host.json too
      TELEMETRY_SAMPLING_PERCENT: '100'
      APPLICATIONINSIGHTS_CONNECTION_STRING: insightsConnectionString
      APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identities.hostClientId};Authorization=AAD'

      PUBLIC_BASE_URL: publicBaseUrl
      INTERNAL_TIMEOUT_SECONDS: '20' // below the 45 s that the pages give their /api
      OIDC_ISSUER: oidcIssuer
      OIDC_AUDIENCE: oidcAudience
      OIDC_ROLES_CLAIM: 'roles'
      OIDC_WEB_CLIENT_ID: oidcWebClientId
      OIDC_WEB_SCOPE: oidcWebScope

      STRIPE_API_BASE: 'https://api.stripe.com'
      STRIPE_JS_URL: 'https://js.stripe.com/v3/'
      STRIPE_PUBLISHABLE_KEY: stripePublishableKey
      STRIPE_TIMEOUT_SECONDS: '10'
      STRIPE_WEBHOOK_TOLERANCE_SECONDS: '300'
      SENDGRID_API_BASE: 'https://api.sendgrid.com'
      SENDGRID_TIMEOUT_SECONDS: '10'
      SMTP_HOST: smtpHost
      SMTP_PORT: '587'
      SMTP_TLS: 'starttls'
      SMTP_USERNAME: smtpUsername
      EMAIL_FROM: emailFrom

      // What Front Door saw itself: X-Azure-ClientIP can be made up by X-Forwarded-For.
      CLIENT_ADDRESS_HEADER: 'x-azure-socketip'
      LIMIT_EMAIL_PER_HOUR: '10'
      LIMIT_ADDRESS_PER_HOUR: '30'
      LIMIT_CARD_PER_HOUR: '10'

      OUTBOX_RELAY: 'true'
      OFFER_LIFETIME_SECONDS: '1800'
      HOLD_CARD_SECONDS: '900'
      HOLD_PIX_SECONDS: '3600'
      HOLD_BOLETO_SECONDS: '518400'
    }
  }

  // Deploying needs an Entra token; the passwords of old are closed.
  resource noFtp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }
  resource noBasic 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }
}

resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: app
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'FunctionAppLogs', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

output id string = app.id
output name string = app.name
