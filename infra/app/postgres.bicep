// PostgreSQL: no password exists, nobody reaches it from the internet, and it survives its zone.
param location string
param tags object
param name string
param sku string
@allowed(['Burstable', 'GeneralPurpose', 'MemoryOptimized'])
param tier string
param storageGB int
@allowed(['Disabled', 'SameZone', 'ZoneRedundant'])
param highAvailability string
@allowed(['Disabled', 'Enabled'])
param geoRedundantBackup string
@minValue(7)
@maxValue(35)
param backupRetentionDays int
@description('A transaction pooler in the server; not to be had on Burstable.')
param pgBouncer bool
param isPublic bool
@description('Who migrates and makes roles: the pipeline, by its object id and name.')
param administratorObjectId string
param administratorName string
@allowed(['ServicePrincipal', 'User', 'Group'])
param administratorType string
param workspaceId string

resource server 'Microsoft.DBforPostgreSQL/flexibleServers@2025-08-01' = {
  name: name
  location: location
  tags: tags
  sku: { name: sku, tier: tier }
  properties: {
    version: '18' // what the tests run on (infra/local/requirements.txt)
    createMode: 'Default'
    authConfig: {
      activeDirectoryAuth: 'Enabled'
      passwordAuth: 'Disabled'
      tenantId: tenant().tenantId
    }
    storage: { storageSizeGB: storageGB, autoGrow: 'Enabled' }
    highAvailability: { mode: highAvailability }
    backup: { backupRetentionDays: backupRetentionDays, geoRedundantBackup: geoRedundantBackup }
    network: { publicNetworkAccess: isPublic ? 'Enabled' : 'Disabled' }
    // Sunday, 06:00 UTC: the quietest hour of the demo company's week.
    maintenanceWindow: { customWindow: 'Enabled', dayOfWeek: 0, startHour: 6, startMinute: 0 }
  }
}

// Azure refuses a second change of a server while one runs: everything below goes one by one.
resource administrator 'Microsoft.DBforPostgreSQL/flexibleServers/administrators@2025-08-01' = {
  parent: server
  name: administratorObjectId
  properties: {
    principalName: administratorName
    principalType: administratorType
    tenantId: tenant().tenantId
  }
}

resource database 'Microsoft.DBforPostgreSQL/flexibleServers/databases@2025-08-01' = {
  parent: server
  name: 'rentacar'
  properties: { charset: 'UTF8', collation: 'en_US.utf8' }
  dependsOn: [administrator]
}

// With a public address (dev), only Azure's addresses may knock (any customer's), and an Entra token opens.
resource azureOnly 'Microsoft.DBforPostgreSQL/flexibleServers/firewallRules@2025-08-01' = if (isPublic) {
  parent: server
  name: 'AllowAzureServices'
  properties: { startIpAddress: '0.0.0.0', endIpAddress: '0.0.0.0' }
  dependsOn: [database]
}

var always = [
  // What infra/migrations creates; an extension that is not listed cannot be created at all.
  { name: 'azure.extensions', value: 'BTREE_GIST' }
  { name: 'require_secure_transport', value: 'on' }
  // Slow statements name themselves in the log, without their parameters.
  { name: 'log_min_duration_statement', value: '500' }
  { name: 'log_parameter_max_length', value: '0' }
  // The DETAIL of an error is the row that was refused, with the renter in it: it stays out.
  { name: 'log_error_verbosity', value: 'terse' }
  { name: 'log_lock_waits', value: 'on' }
]
var pooled = [
  { name: 'pgbouncer.enabled', value: 'true' }
  // The roles' session limits stand in the database, so transactions may share a connection.
  { name: 'pgbouncer.pool_mode', value: 'transaction' }
  { name: 'pgbouncer.default_pool_size', value: '100' }
  { name: 'pgbouncer.max_client_conn', value: '2000' }
]

@batchSize(1)
resource configuration 'Microsoft.DBforPostgreSQL/flexibleServers/configurations@2025-08-01' = [
  for setting in concat(always, pgBouncer ? pooled : []): {
    parent: server
    name: setting.name
    properties: { value: setting.value, source: 'user-override' }
    dependsOn: [database, azureOnly]
  }
]

resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: server
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

output id string = server.id
output name string = server.name
output host string = server.properties.fullyQualifiedDomainName
output database string = database.name
// The functions' port: the pooler's where there is one. Migrations use 5432 (session locks).
output port int = pgBouncer ? 6432 : 5432
