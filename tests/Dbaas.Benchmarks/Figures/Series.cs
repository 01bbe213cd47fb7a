using System.Globalization;

namespace Dbaas.Benchmarks.Figures;

/// <summary>The same thing measured several times, in one unit.</summary>
internal sealed class Series
{
    private readonly List<double> values = [];

    /// <summary>A single measurement.</summary>
    public static Series Of(double value)
    {
        var series = new Series();
        series.Add(value);
        return series;
    }

    public int Count => values.Count;

    public void Add(double value) => values.Add(value);

    /// <summary>Middle value; the mean of the two middle ones when their number is even.</summary>
    /// <exception cref="InvalidOperationException">Nothing was measured.</exception>
    public double Median
    {
        get
        {
            if (values.Count == 0)
            {
                throw new InvalidOperationException("Nothing was measured.");
            }

            var sorted = values.Order().ToList();
            var middle = sorted.Count / 2;
            return sorted.Count % 2 == 1
                ? sorted[middle]
                : (sorted[middle - 1] + sorted[middle]) / 2;
        }
    }

    /// <summary>Smallest to largest.</summary>
    public string Range(string format) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{values.Min().ToString(format, CultureInfo.InvariantCulture)} – {values.Max().ToString(format, CultureInfo.InvariantCulture)}"
        );

    public string Text(string format) => Median.ToString(format, CultureInfo.InvariantCulture);
}
