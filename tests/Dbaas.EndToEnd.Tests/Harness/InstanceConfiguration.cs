using System.Globalization;

namespace Dbaas.EndToEnd.Tests.Harness;

/// <summary>A Terraform configuration with one instance.</summary>
public sealed record InstanceConfiguration(string Name)
{
    public string Engine { get; init; } = "postgresql";
    public string EngineVersion { get; init; } = "18";
    public string Region { get; init; } = "local-a";
    public double MemoryGib { get; init; } = 0.5;
    public int StorageGib { get; init; } = 1;
    public IReadOnlyList<string> AllowedCidrs { get; init; } = ["127.0.0.0/8"];
    public IReadOnlyDictionary<string, string> Parameters { get; init; } =
        new Dictionary<string, string>();
    public bool DeletionProtection { get; init; } = true;

    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            terraform {
              required_providers {
                dbaas = {
                  source = "dbaas.internal/dbaas/dbaas"
                }
              }
            }

            provider "dbaas" {}

            resource "dbaas_database_instance" "main" {
              name                = "{{Name}}"
              engine              = "{{Engine}}"
              engine_version      = "{{EngineVersion}}"
              region              = "{{Region}}"
              cpu                 = 1
              memory_gib          = {{MemoryGib}}
              storage_gib         = {{StorageGib}}
              allowed_cidrs       = [{{string.Join(
                ", ",
                AllowedCidrs.Select(cidr => $"\"{cidr}\"")
            )}}]
              databases           = ["app"]
              deletion_protection = {{(DeletionProtection ? "true" : "false")}}
              parameters = {
            {{string.Join(
                '\n',
                Parameters.Select(parameter => $"    {parameter.Key} = \"{parameter.Value}\"")
            )}}
              }
            }

            output "id" {
              value = dbaas_database_instance.main.id
            }

            output "endpoint" {
              value = dbaas_database_instance.main.endpoint
            }
            """
        );
}
