using Secateur.Onnx.Runtime;

namespace Secateur.Tests.Onnx;

public sealed class OnnxTensorTests
{
    [Fact]
    public void Every_type_is_given_back_as_it_was_put_in()
    {
        Check<float>(OnnxElementType.Float32, 1.5f, -2);
        Check<Half>(OnnxElementType.Float16, (Half)0.5f, (Half)(-1));
        Check<long>(OnnxElementType.Int64, long.MinValue, 3);
        Check(OnnxElementType.Int32, int.MaxValue, -1);
        Check<byte>(OnnxElementType.UInt8, 255, 0);
        Check(OnnxElementType.Bool, true, false);

        static void Check<T>(OnnxElementType type, T one, T other)
            where T : unmanaged
        {
            var tensor = OnnxTensor.Of<T>([one, other], 2, 1);
            Assert.Equal(type, tensor.Type);
            Assert.Equal([2, 1], tensor.Shape.ToArray());
            Assert.Equal([one, other], tensor.Values<T>().ToArray());
            Assert.Equal(0, tensor.Address % 64);
        }
    }

    [Fact]
    public void A_number_alone_and_no_numbers_at_all_are_tensors()
    {
        Assert.Equal([7], OnnxTensor.Of<int>([7]).Values<int>().ToArray());
        Assert.Empty(new OnnxTensor(OnnxElementType.Float32, 3, 0).Values<float>().ToArray());
    }

    [Fact]
    public void Shapes_that_cannot_be_and_numbers_that_do_not_fill_them_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new OnnxTensor(OnnxElementType.Float32, -1, 2));
        Assert.Throws<ArgumentException>(() => new OnnxTensor(OnnxElementType.UInt8, long.MaxValue, long.MaxValue));
        Assert.Throws<ArgumentException>(() => new OnnxTensor(OnnxElementType.Int64, int.MaxValue));
        Assert.Throws<ArgumentException>(() => OnnxTensor.Of<float>([1, 2, 3], 2, 2));
        Assert.Throws<InvalidOperationException>(() => OnnxTensor.Of<float>([1]).Values<int>());
        Assert.Throws<NotSupportedException>(() => OnnxTensor.Of<double>([1]));
        Assert.Throws<NotSupportedException>(() => new OnnxTensor(OnnxElementType.Other, 1));
    }
}
