using Pulumi;
using Pulumi.Aws.Rds;
using Pulumi.Aws.Rds.Inputs;

namespace Dbaas.Stacks.Platform.Aws;

/// <summary>The metadata PostgreSQL: two zones, no way out, TLS only, its owner's password drawn and rotated by AWS.</summary>
internal sealed class AwsMetadata : ComponentResource
{
    public AwsMetadata(
        AwsPlatformSettings settings,
        AwsNetwork network,
        AwsFirewall firewall,
        AwsKeys keys,
        ComponentResourceOptions? options = null
    )
        : base("dbaas-stacks:aws:Metadata", "metadata", options)
    {
        var child = new CustomResourceOptions { Parent = this };
        var subnets = new SubnetGroup(
            "metadata",
            new SubnetGroupArgs { SubnetIds = network.Isolated },
            child
        );
        var major = settings.MetadataEngineVersion.Split('.')[0];
        var parameters = new ParameterGroup(
            "metadata",
            new ParameterGroupArgs
            {
                Family = $"postgres{major}",
                Parameters =
                {
                    new ParameterGroupParameterArgs { Name = "rds.force_ssl", Value = "1" },
                    new ParameterGroupParameterArgs
                    {
                        Name = "log_min_duration_statement",
                        Value = "1000",
                    },
                },
            },
            child
        );
        Instance = new Instance(
            "metadata",
            new InstanceArgs
            {
                Engine = "postgres",
                EngineVersion = settings.MetadataEngineVersion,
                AutoMinorVersionUpgrade = true,
                InstanceClass = settings.MetadataInstanceClass,
                MultiAz = true,
                DbName = "dbaas",
                Username = "dbaas_owner",
                ManageMasterUserPassword = true,
                MasterUserSecretKmsKeyId = keys.Platform.Arn,
                AllocatedStorage = 50,
                MaxAllocatedStorage = 500,
                StorageType = "gp3",
                StorageEncrypted = true,
                KmsKeyId = keys.Platform.Arn,
                DbSubnetGroupName = subnets.Name,
                VpcSecurityGroupIds = { firewall.Metadata.Id },
                PubliclyAccessible = false,
                ParameterGroupName = parameters.Name,
                BackupRetentionPeriod = 35,
                CopyTagsToSnapshot = true,
                DeleteAutomatedBackups = false,
                SkipFinalSnapshot = false,
                FinalSnapshotIdentifier = $"dbaas-metadata-final-{Deployment.Instance.StackName}",
                PerformanceInsightsEnabled = true,
                PerformanceInsightsKmsKeyId = keys.Platform.Arn,
                EnabledCloudwatchLogsExports = { "postgresql", "upgrade" },
                DeletionProtection = true,
                CaCertIdentifier = "rds-ca-rsa2048-g1",
            },
            // All the platform knows is in here.
            new CustomResourceOptions { Parent = this, Protect = true }
        );
        OwnerSecret = Instance.MasterUserSecrets.Apply(secrets => secrets[0].SecretArn!);
    }

    public Instance Instance { get; }

    /// <summary>ARN of the secret with the owner's name and password.</summary>
    public Output<string> OwnerSecret { get; }
}
